"""Names of strangers: shown as text, in Discord as on the screen."""

import pytest

from bot.platforms.discord.names import LENGTH_MAX, plain, shown_name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Vera ✿", "Vera ✿"),
        ("ヴェラ", "ヴェラ"),
        ("สวัสดี", "สวัสดี"),
        ("👨‍👩‍👧", "👨‍👩‍👧"),
        ("admin\u202e\u2066gpj", "admingpj"),  # would be read from right to left
        ("two\nlines\r\n\there", "two lines here"),
        ("a" + "\u0301\u0489" * 30 + "b", "a\u0301\u0489\u0301b"),
        ("https://evil.example", "https:evil.example"),
        ("\u3164\u2800\u115f", "vera.1"),
        ("\u200b\u200d\ufe0f", "vera.1"),
        ("", "vera.1"),
        ("x" * 100, "x" * 32),
    ],
)
def test_a_name_is_shown_without_tricks(name, shown):
    assert shown_name(name, "vera.1") == shown


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("**V** _e_ ~~r~~ ||a|| `x`", r"\*\*V\*\* \_e\_ \~\~r\~\~ \|\|a\|\| \`x\`"),
        ("# Big", r"\# Big"),
        ("> quote", r"\> quote"),
        ("[free coins](https://evil.example)", r"\[free coins](https://evil.example)"),
        ("https://x.example/**a**", r"https://x.example/\*\*a\*\*"),
        ("<@1> <@!1> <@&5> <#510>", r"\<@1> \<@!1> \<@&5> \<#510>"),
        ("<:a:1> <a:b:2> </gift:3> <t:0:R> <id:guide>",
         r"\<:a:1> \<a:b:2> \</gift:3> \<t:0:R> \<id:guide>"),
        ("1 < 2", "1 < 2"),
        ("\\<@1>", r"\\\<@1>"),
    ],
)  # fmt: skip
def test_a_text_stays_text(typed, said):
    assert plain(typed) == said


def test_a_text_is_cut_to_what_a_message_holds():
    assert len(plain("*" * 5_000)) == LENGTH_MAX
