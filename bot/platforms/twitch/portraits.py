"""Portraits: the profile images of people, asked for together."""

from collections.abc import Sequence

import structlog

from bot.platforms.twitch import words
from bot.platforms.twitch.client import Ear

IDS_MAX = 100  # Twitch API, "Get Users": at most so many in one request


async def profile_images(ear: Ear, reader_id: str, user_ids: Sequence[str]) -> dict[str, str]:
    """Their addresses by user id, asked for with the token of `reader_id`; none when Twitch
    does not tell."""
    if not ear.tokens_of(reader_id):
        return {}
    try:
        found = await ear.fetch_users(ids=[*user_ids[:IDS_MAX]], token_for=reader_id)
    except words.FAULTS as error:
        structlog.get_logger().info("twitch.no_portraits", error=words.describe(error))
        return {}
    return {user.id: user.profile_image.url for user in found if user.profile_image.url}
