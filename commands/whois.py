"""`whois [@viewer]`: which accounts are one person."""

from commands.call import Call
from commands.chat import Reply, Role
from commands.command import Argument, Command
from commands.linkage import accounts, title
from commands.words import coins
from data.errors import Code, GiftError
from data.events import stamp


async def show(call: Call) -> Reply:
    """One's own accounts; those of others are a moderator's business."""
    mention = call.values.get("viewer")
    whose = await call.person(mention) if mention else call.asker
    links = await call.services.books.linked(call.stage, whose.person)
    persons = [links[0].head, *(link.person for link in links)] if links else [whose.person]
    if call.asker.person not in persons and not call.is_moderator:
        raise GiftError(Code.NOT_ALLOWED, role=int(Role.MODERATOR))
    if not links:
        how = f"To link an account of another platform: {call.policy.prefix}link"
        return Reply(f"{title(whose)} is linked with no other account here. {how}", private=True)
    head, *members = await accounts(call, persons)
    balance = await call.services.books.balance(call.stage, head.person)
    told = [
        f"{title(member)} (since {stamp(link.at)[:10]}, record {link.record_id}, "
        f"share {coins(link.share)})"
        for member, link in zip(members, links, strict=True)
    ]
    return Reply(
        f"{title(head)} is one person with {', '.join(told)}: {coins(balance.coins)} in one "
        f"wallet. Undo: {call.policy.prefix}unlink",
        private=True,
    )


COMMAND = Command(
    name="whois",
    summary="See which accounts are one person.",
    run=show,
    arguments=(Argument("viewer", "person", "Whom; yourself when left out", required=False),),
    aliases=("links",),
    examples=("whois", "whois @mia"),
)
