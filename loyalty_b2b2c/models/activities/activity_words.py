"""Sentences about submissions: why something is refused, what looks unusual, and what
the participant is told about the decision."""

from ...exceptions import ActivityError
from ..base.days import word_day
from ..receipts.receipt_words import UPLOADS

#: Why something is refused -> function of environment and task.
REFUSALS = {
    **{code: lambda env, task, word=word: word(env) for code, word in UPLOADS.items()},
    "not_image": lambda env, task: env._("This is no photo. Send a JPEG or PNG."),
    "vector": lambda env, task: env._("A drawing is no photo. Send a JPEG or PNG."),
    "too_small": lambda env, task: env._(
        "The picture is too small. Take the photo again."
    ),
    "not_video": lambda env, task: env._(
        "This is no video that can be played here. Record it with the camera of the "
        "phone: MP4, MOV or WebM."
    ),
    "no_video_asked": lambda env, task: env._("This task asks for no video."),
    "video_too_large": lambda env, task: env._(
        "The video is too large: %s MB at most. Record a shorter one, or with a lower "
        "quality.",
        task.video_megabytes,
    ),
    "video_quota": lambda env, task: env._(
        "You sent very many videos today. Please go on tomorrow."
    ),
    "video_incomplete": lambda env, task: env._(
        "The video is still on its way. Wait until it has arrived."
    ),
    "video_missing": lambda env, task: env._("Add the video first."),
    "piece_damaged": lambda env, task: env._(
        "A part of the video arrived damaged; it is sent again."
    ),
    "photos_full": lambda env, task: env._(
        "You have %s photos, more are not asked for. Remove one first.", task.photo_max
    ),
    "photos_missing": lambda env, task: env._(
        "Photos that are asked for: %s at least.", task.photo_min
    ),
    "place_missing": lambda env, task: env._("Say where it is."),
    "taken_in_future": lambda env, task: env._(
        "The time you say it was taken is in the future."
    ),
    "not_for_you": lambda env, task: env._("This task is not for you at the moment."),
    "not_taken_on": lambda env, task: env._("Take on the task first."),
    "disqualified": lambda env, task: env._("You do not take part in this task."),
    "not_running": lambda env, task: env._("This task is not running."),
    "too_late": lambda env, task: env._(
        "The time for this task is over. What you sent is kept, and cannot be handed "
        "in any more."
    ),
    "handed_in": lambda env, task: env._(
        "You have handed it in; it cannot be changed now."
    ),
}

#: What a reviewer chooses from, code -> on the button.
REASONS = [
    ("not_shown", "It does not show what was asked"),
    ("blurred", "It cannot be seen well"),
    ("incomplete", "Something is missing"),
    ("wrong_place", "Another place or another day"),
    ("again", "Handed in before"),
    ("other", "Another reason"),
]

#: The same for the participant.
_REASON_WORDS = {
    "not_shown": lambda env: env._("The pictures do not show what was asked for."),
    "blurred": lambda env: env._(
        "It cannot be seen well. Take it again, in good light."
    ),
    "incomplete": lambda env: env._("Something is missing."),
    "wrong_place": lambda env: env._(
        "It was taken at another place or on another day."
    ),
    "again": lambda env: env._("The same picture was handed in before."),
    "other": lambda env: "",
}

_SIGNS = {
    "same_photo": lambda env: env._("The same photo was handed in before."),
    "alike": lambda env: env._(
        "A photo looks like a part of one that was handed in before."
    ),
    "screen": lambda env: env._("A photo looks as if it was taken of a screen."),
    "camera_time": lambda env: env._(
        "The camera says another day than the participant."
    ),
    "same_video": lambda env: env._("The same video was handed in before."),
    "far": lambda env: env._("The position is far from the company or shop."),
}


def refusal(code, submission):
    """Return the error that tells a person why something is refused.

    :param code: of :data:`REFUSALS`
    :param submission: ``b2b2c.activity.submission`` or ``b2b2c.challenge``
    """
    task = submission
    if submission._name != "b2b2c.challenge":
        task = submission.challenge_id
    return ActivityError(code, REFUSALS[code](submission.env, task.sudo()))


def reasons(submission):
    """Return why a submission was sent back or refused, as sentences for the person."""
    code, answer = submission.reason_code, submission.answer
    words = _REASON_WORDS[code](submission.env) if code in _REASON_WORDS else ""
    return list(filter(None, [words, answer]))


def signs(submission):
    """Return what looks unusual about a submission, as sentences."""
    env = submission.env
    codes = submission._get_sign_codes()
    words = [word(env) for code, word in _SIGNS.items() if code in codes]
    failed = submission.photo_ids.filtered(lambda photo: photo.look_state == "failed")
    if failed:
        words.append(
            env._("%s photos could not be compared with earlier ones.", len(failed))
        )
    return words


def where_from(photo):
    """Return whose photo it is, of which task and day; empty for none."""
    if not photo:
        return ""
    submission = photo.submission_id
    return photo.env._(
        "%(who)s, %(task)s, %(day)s",
        who=submission.member_id.name,
        task=submission.challenge_id.name,
        day=word_day(photo.env, photo.create_date),
    )
