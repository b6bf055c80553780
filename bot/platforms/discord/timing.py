"""How patient the Discord platform is."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Short = Annotated[float, Field(gt=0, le=60)]
Long = Annotated[float, Field(gt=0, le=3_600)]


class Timing(BaseModel):
    """How long things may take, in seconds: section `[discord.timing]`.

    defer_after_s: how soon a slow answer to a slash call is announced; Discord waits three.
    question_s: how long a question about a big gift may be answered.
    burst_s: after how long a pause a new public line is begun; rewrite_s: how often one is
        rewritten at most.
    catch_up_s: how old a line typed while nobody listened may be and still be carried out.
    identify_again_s: the pause that Discord wants between two sessions.
    retry_first_s, retry_max_s: pauses between attempts to log in.
    patience_s: how long discord.py may try to reconnect before a new client does.
    look_s: how often that is looked at, and what was heard last is noted.
    close_s: for closing down; twice this at most.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    defer_after_s: Annotated[float, Field(gt=0, le=2.5)] = 1.5
    question_s: Annotated[float, Field(gt=0, le=840)] = 120.0
    burst_s: Long = 30.0
    rewrite_s: Short = 5.0
    catch_up_s: Annotated[float, Field(ge=0, le=86_400)] = 600.0
    identify_again_s: Short = 5.0
    retry_first_s: Short = 2.0
    retry_max_s: Long = 60.0
    patience_s: Long = 90.0
    look_s: Short = 5.0
    close_s: Annotated[float, Field(gt=0, le=5)] = 0.4
