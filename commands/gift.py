"""`gift <gift> [n] [@creator] [message]`: send a gift."""

from commands.call import Call
from commands.chat import Brief, Reply
from commands.command import Argument, Command, Mention
from commands.grammar import clean
from commands.policy import CreatorPolicy
from commands.words import coins
from data.errors import Code, GiftError
from data.gifts import Gift
from data.ledger import NotBanned, Record
from data.money import TOTAL_COINS_MAX, Account
from data.postings import earn, gift_facts, hold


async def send(call: Call) -> Reply:
    """Debit the wallet and put the gift on its way to the screen, in one transaction."""
    policy, services, viewer = call.policy, call.services, call.asker
    if not policy.gifts_offline and services.shows.live(call.stage) is False:
        raise GiftError(Code.OFFLINE)
    gift = _offered(call, call.values["gift"])
    count = call.values.get("count", 1)
    total = gift.price_coins * count
    if total > TOTAL_COINS_MAX:
        raise GiftError(Code.TOO_MUCH, total=total, most=TOTAL_COINS_MAX)
    chosen = _recipient(call, call.values.get("creator"))
    creator = await services.people.person("creator", f"{call.stage}:{chosen.id}", chosen.name)
    waiting = policy.waits(gift.tier)
    settled = not waiting and not services.stagehand.settling(call.stage)
    terms = policy.terms()
    wallet = Account("wallet", viewer.person)
    words = clean(call.values.get("message", ""))
    facts = gift_facts(
        gift.face(),
        count=count,
        creator=creator.person,
        terms=terms,
        day=policy.day(services.now()),
        deadline_s=policy.return_after_s,
        decide_s=policy.decide_after_s,
        settled=settled,
        waiting=waiting,
    )
    facts["platform"] = call.message.platform
    if show := services.shows.current(call.stage):
        facts["show"] = show
    record = await call.submit(
        call.transaction(
            "gift",
            postings=(
                earn(wallet, creator.person, total, terms)
                if settled
                else hold(viewer.person, total)
            ),
            guards=(NotBanned(viewer.person),),
            facts=facts,
            aside={
                "viewer": viewer.name,
                "creator": chosen.name,
                "message": words[: policy.message_chars],
            },
            combo_ms=int(policy.combo_window_s * 1000),
        )
    )
    thanks = _thanks(call, record, await call.coins_left(viewer.person))
    cut = _cut(words, policy.message_chars)
    return Reply(f"{thanks}{cut}", brief=Brief(gift.name, count))


def _offered(call: Call, typed: str) -> Gift:
    catalogue = call.services.catalogue
    gift = catalogue.find(typed)
    if gift is None:
        near = catalogue.guess(typed)
        raise GiftError(Code.UNKNOWN_GIFT, name=typed[:40], guess=near.name if near else "")
    if not gift.enabled:
        raise GiftError(Code.GIFT_OFF, name=gift.name)
    return gift


def _recipient(call: Call, mention: Mention | None) -> CreatorPolicy:
    """The creator who is meant; the first one when nobody is named, or the channel itself."""
    creators = call.policy.creators
    if mention is None or (mention.user_id and mention.user_id == call.message.channel):
        return creators[0]
    if creator := call.policy.creator(mention.name):
        return creator
    names = [creator.name for creator in creators[:5]]
    raise GiftError(Code.UNKNOWN_CREATOR, name=mention.name[:40], creators=names)


def _cut(words: str, most: int) -> str:
    """What becomes of words that do not fit; empty when they do."""
    if len(words) <= most:
        return ""
    if not most:
        return " Words are not shown with gifts here."
    return f" Of your words the first {most} letters are shown."


def _thanks(call: Call, record: Record, left: int) -> str:
    facts = record.facts
    gift, count = facts["gift"], facts["count"]
    what = gift["name"] if count == 1 else f"{count:,} × {gift['name']}"
    paid = f"{what} for {coins(facts['total_coins'])}"
    fee = f", {facts['fee_pct']} % fee" if facts["fee_pct"] else ""
    if facts["waiting"]:
        how = "waits for a moderator; not shown means coins back"
    elif facts["settled"]:
        how = "sent (no OBS source is set up yet, so it counts at once)"
    elif call.services.backstage.paused(call.stage):
        how = "waits: gifts are paused for a moment; not shown means coins back"
    elif call.services.stagehand.online(call.stage):
        how = "is on its way to the screen"
    else:
        how = "will play when the overlay is open; not shown means coins back"
    return f"{paid}{fee} {how}. {coins(left)} left. Gift {record.gift_id}."


COMMAND = Command(
    name="gift",
    summary="Send a gift to the stream.",
    run=send,
    arguments=(
        Argument("gift", "gift", "Which gift"),
        Argument("count", "count", "How many", required=False),
        Argument("creator", "creator", "For whom, when several stream", required=False),
        Argument("message", "text", "A few words to show with it", required=False),
    ),
    aliases=("send",),
    books=True,
    ahead=True,
    examples=("gift rose 5", "gift galaxy great play!"),
)
