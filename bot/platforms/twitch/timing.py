"""The patience of the Twitch platform."""

from pydantic import BaseModel, ConfigDict, Field


class Timing(BaseModel):
    """Section `[twitch.timing]`, in seconds.

    watch_every_s: between two looks at the connections.
    grace_s: how long a connection may mend itself; longer than the 11 s that twitchio waits.
    verify_every_s: between two questions to Twitch whether it still sends us everything.
    relist_every_s: between two looks for rewards redeemed that nobody told us about.
    live_every_s: between two questions whether the channel is live.
    linger_s: how long a connection that was moved is still read.
    welcome_s: how long a new connection may keep silent.
    request_s: how long an answer of Twitch may take.
    retry_first_s, retry_most_s: the pause after a failure, doubled each time up to the most.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    watch_every_s: float = Field(default=5.0, gt=0, le=3_600)
    grace_s: float = Field(default=15.0, gt=0, le=3_600)
    verify_every_s: float = Field(default=120.0, gt=0, le=3_600)
    relist_every_s: float = Field(default=300.0, gt=0, le=86_400)
    live_every_s: float = Field(default=120.0, gt=0, le=86_400)
    linger_s: float = Field(default=2.0, ge=0, le=60)
    welcome_s: float = Field(default=10.0, gt=0, le=60)
    request_s: float = Field(default=15.0, gt=0, le=120)
    retry_first_s: float = Field(default=1.0, gt=0, le=60)
    retry_most_s: float = Field(default=60.0, gt=0, le=3_600)
