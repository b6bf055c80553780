"""A stand-in for Discord: REST and gateway, version 10, on a free port of this machine.

It is strict where Discord is (tokens, intents, nonces, command payloads, one answer in time) and
keeps what it was sent. Each part names the page of Discord's documentation that it follows, as
found in github.com/discord/discord-api-docs (`developers/…`). Not modelled: channel permission
overwrites, threads, voice, shards, entitlements, the real numbers of rate-limit buckets.
"""

from tests.fakes.discord.parts import Call, Person
from tests.fakes.discord.rest import DiscordStandIn
from tests.fakes.discord.rules import command_faults

__all__ = ["Call", "DiscordStandIn", "Person", "command_faults"]
