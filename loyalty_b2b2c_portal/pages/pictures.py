"""Pictures of rewards: which have one, where it is, and what stands for the others."""

from .. import addresses

#: Width of a picture in pixels -> the field that has it; phones take what they need.
SIZES = {256: "image_256", 512: "image_512", 1024: "image_1024"}
#: Shades of what stands for a picture; neighbours differ.
_SHADES = 6


def find(rewards):
    """Return the ids of the rewards that have a picture, without opening any."""
    return {
        reward.id for reward in rewards.with_context(bin_size=True) if reward.image_256
    }


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
