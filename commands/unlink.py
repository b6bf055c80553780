"""`unlink [@account] [yes|reason]`: end a link; each account has its own wallet again."""

from collections.abc import Sequence

from commands.call import Call
from commands.chat import Offer, Reply, Role
from commands.command import Argument, Command
from commands.grammar import missing
from commands.linkage import YES, accounts, group, title
from commands.words import coins
from data.errors import Code, GiftError
from data.gifts import fold
from data.identities import Known
from data.journal import Linked
from data.ledger import NotBanned

_YES = Offer("Yes, end the link", "unlink", "reason", "yes")


async def unlink(call: Call) -> Reply:
    """One's own link after a yes; a moderator anybody's, with a reason."""
    mention, words = call.values.get("account"), call.values.get("reason", "")
    whose = await call.person(mention) if mention else call.asker
    links = await call.services.books.linked(call.stage, whose.person)
    own = call.asker.person in group(whose.person, links)
    if not own and not call.is_moderator:
        raise GiftError(Code.NOT_ALLOWED, role=int(Role.MODERATOR))
    if not links:
        raise GiftError(Code.NOT_LINKED)
    meant = await _meant(call, whose, links)
    member, head = await accounts(call, (meant.person, meant.head))
    if own and fold(words) not in YES:
        return _asked(call, meant, member, head)
    if not own and not words:
        raise missing(COMMAND, "reason", call.policy.prefix, "@")
    record = await call.submit(
        call.transaction(
            "unlink",
            subject=meant.person,
            reverses=meant.seq,
            guards=(NotBanned(meant.person),) if own and not call.is_moderator else (),
            aside={
                "viewer": title(member),
                "to": title(head),
                "reason": "" if own else words[:200],
                "by": call.asker.name,
            },
        )
    )
    left = (await call.services.books.balance(call.stage, head.person)).coins
    return Reply(
        f"Unlinked: {title(member)} took along {coins(record.facts['coins'])}, {title(head)} "
        f"has {coins(left)}. They are two persons again.",
        private=own,
    )


async def _meant(call: Call, whose: Known, links: Sequence[Linked]) -> Linked:
    """The link of the account itself, or the only one there is to it."""
    for link in links:
        if link.person == whose.person:
            return link
    if len(links) == 1:
        return links[0]
    members = await accounts(call, (link.person for link in links))
    raise GiftError(Code.LINK_WHICH, names=[f"@{one.platform}:{one.name}" for one in members])


def _asked(call: Call, link: Linked, member: Known, head: Known) -> Reply:
    return Reply(
        f"{title(member)} and {title(head)} would be two persons again. {member.name} takes along "
        f"what they brought in and got since, less what they spent: {coins(max(0, link.share))}, "
        f"as far as there is that much. To do it: {call.policy.prefix}unlink yes",
        private=True,
        offers=() if call.values.get("account") else (_YES,),
    )


COMMAND = Command(
    name="unlink",
    summary="End a link: each account has its own wallet again.",
    run=unlink,
    arguments=(
        Argument("account", "person", "Whose; your own when left out", required=False),
        Argument("reason", "text", "yes for your own; moderators say why", required=False),
    ),
    books=True,
    examples=("unlink yes", "unlink @mia not her account"),
)
