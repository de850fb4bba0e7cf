"""Pictures of rewards and of their categories: which have one, where it is, and what
stands for the others."""

from .. import addresses

#: Width of a picture in pixels -> the field that has it; phones take what they need.
SIZES = {256: "image_256", 512: "image_512", 1024: "image_1024"}
#: Shades of what stands for a picture; neighbours differ.
_SHADES = 6


def find(records):
    """Return the ids of the rewards, or of the categories, that have a picture; none is
    opened."""
    return {
        record.id for record in records.with_context(bin_size=True) if record.image_256
    }


def of_category(category, found, is_open=True):
    """Return the address of the picture of a category, empty where there is none.

    :param found: what :func:`find` said of it and others
    :param bool is_open: for a participant, see :func:`row`
    """
    if category.id not in found:
        return ""
    changed = int(category.write_date.timestamp())
    if not is_open:
        return (
            f"/web/image/b2b2c.reward.category/{category.id}/image_256?unique={changed}"
        )
    return addresses.path("category_image", category=category.id, v=changed)


def row(reward, found, is_open=True):
    """Return how a reward is pictured.

    :param found: what :func:`find` said of it and others
    :param bool is_open: for a participant; otherwise for somebody of the office, whose
        own rights show it
    :return: dict with the keys ``small``, ``large`` and ``set``, addresses that are
        empty where there is no picture; ``icon`` and ``shade`` of what stands for it
    """
    changed = int(reward.write_date.timestamp())

    def at(width):
        if not is_open:
            return (
                f"/web/image/b2b2c.reward/{reward.id}/{SIZES[width]}?unique={changed}"
            )
        return addresses.path("reward_image", reward=reward.id, w=width, v=changed)

    has_picture = reward.id in found
    return {
        "small": at(min(SIZES)) if has_picture else "",
        "large": at(max(SIZES)) if has_picture else "",
        "set": ", ".join(f"{at(width)} {width}w" for width in SIZES),
        "icon": reward._get_handler()._icon,
        "shade": reward.id % _SHADES,
    }
