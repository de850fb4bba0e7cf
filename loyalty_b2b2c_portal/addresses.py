"""Where the pages of the portal are.

The core asks for a page by its name (``res.company._get_rewards_url``), routes and
redirects use the same paths, so that an address is written down once.
"""

import re
from urllib.parse import quote, urlencode

#: Page -> path. What stands in braces is part of the path, anything else that is given
#: becomes the query string.
PATHS = {
    "overview": "/my/rewards",
    "statement": "/my/rewards/{account}",
    "card": "/my/rewards/card",
    "tickets": "/my/rewards/tickets",
    "preferences": "/my/rewards/preferences",
    "pin": "/my/rewards/pin",
    "earn": "/my/rewards/earn",
    "earn_image": "/my/rewards/earn/{product}/image",
    "statement_paper": "/my/rewards/{account}/statement.pdf",
    "data": "/my/rewards/data",
    "receipt_photo": "/my/rewards/receipts/{receipt}/photo",
    "goods": "/my/rewards/goods",
    "shop": "/my/rewards/shop",
    "dealer": "/my/rewards/dealer",
    "scan": "/my/rewards/scan",
    "app": "/my/rewards/app",
    "app_worker": "/my/rewards/service-worker.js",
    "app_files": "/my/rewards/app/files",
    "app_manifest": "/my/rewards/app/manifest.webmanifest",
    "app_icon": "/my/rewards/app/icon-{size}.png",
    "receipts": "/my/rewards/receipts",
    "store": "/my/rewards/store",
    "reward": "/my/rewards/store/{reward}",
    "reward_image": "/my/rewards/store/{reward}/image",
    "category_image": "/my/rewards/store/category/{category}/image",
    "preview": "/my/rewards/preview/{member}",
    "preview_reward": "/my/rewards/preview/{member}/{reward}",
    "preview_role": "/my/rewards/preview/role/{role}",
    "preview_role_reward": "/my/rewards/preview/role/{role}/{reward}",
    "requests": "/my/rewards/requests",
    "voucher": "/my/rewards/requests/{request}/voucher",
    "supply": "/my/rewards/order",
    "supply_image": "/my/rewards/order/{product}/image",
    "payout_proof": "/my/rewards/payouts/{payout}/proof",
    "places": "/my/rewards/places",
    "activity": "/my/rewards/tasks/{task}/photos",
    "activity_photo": "/my/rewards/tasks/photo/{photo}",
    "activity_sample": "/my/rewards/tasks/sample/{sample}",
    "activity_video": "/my/rewards/tasks/video/{video}",
    "trainings": "/my/rewards/trainings",
    "presentations": "/my/rewards/presentations",
    "presentation": "/my/rewards/presentations/{presentation}",
    "attend": "/my/rewards/attend",
    "tasks": "/my/rewards/tasks",
    "task": "/my/rewards/tasks/round/{round}",
    "settlements": "/my/settlements",
    "settlement": "/my/settlements/{settlement}",
    "recommend": "/my/rewards/recommend",
    "recommend_paper": "/my/rewards/recommend/{link}/{paper}.pdf",
    "recommended": "/rewards/r/{code}",
    "recommended_picture": "/rewards/r/{code}/picture.jpg",
    "join": "/rewards/join/{token}",
    "poster": "/rewards/join/{token}/poster",
}

#: Odoo's own page of a person: its card of the rewards says what there is.
HOME = ("/my", "/my/home")
#: How the paths of pages begin that are about one person, or have a token.
PRIVATE = ("/my/rewards", "/my/settlements", "/rewards/", "/REWARDS/")
#: Pictures below them that are about nobody: goods, samples, the icons of the app.
_OPEN_PICTURES = (
    "app_icon",
    "earn_image",
    "reward_image",
    "category_image",
    "supply_image",
    "activity_sample",
    "recommended_picture",
)
OPEN_PICTURES = re.compile(
    "|".join(re.sub(r"\{\w+\}", "[^/]+", PATHS[name]) for name in _OPEN_PICTURES)
)


def path(page, /, **params):
    """Return the path of a page, with its parameters.

    :param str page: a key of ``PATHS``
    :raise KeyError: there is no such page, or a part of its path is missing
    """
    pattern = PATHS[page]
    names = re.findall(r"{(\w+)}", pattern)
    parts = {name: quote(str(params.pop(name)), safe="") for name in names}
    query = f"?{urlencode(params)}" if params else ""
    return pattern.format(**parts) + query
