"""Tallies that governments, agencies and newspapers published come out of the tables under the rule that each used.

``docs/audit.md`` lists them with their publishers, and those that do not fit with the reason.
"""

from datetime import date

import polars as pl
import pytest

import shuttle_diplomacy as sd

S = sd.load("summits").join(sd.load("summit_sequence"), on="summit_id")
TERMS = sd.load("terms")

col = pl.col
BILATERAL = col("parties") == "jp-kr"
FULL = BILATERAL & (col("form") == "summit_meeting")
WITH_BRIEF = BILATERAL & col("form").is_in(["summit_meeting", "brief_talk"])
VISIT = BILATERAL & (col("setting") == "visit")
TO_JAPAN = BILATERAL & (col("country") == "JP")
TO_ROK = BILATERAL & (col("country") == "KR")
MADRID = col("summit_id") == "2022-06-28-madrid"
# Kishida and Yoon as both governments count: full summits and New York, without the greeting in Madrid.
KISHIDA_YOON = (
    WITH_BRIEF & ~MADRID & (col("jp_leader_id") == "kishida-fumio") & (col("kr_leader_id") == "yoon-suk-yeol")
)


def count(*rule: pl.Expr) -> int:
    """Return how many rows the rule selects."""
    return S.filter(*rule).height


def by(day: date) -> pl.Expr:
    """Return the rule: held on this day or before."""
    return col("met_on") <= day


def year(number: int) -> pl.Expr:
    """Return the rule: held in this year."""
    return col("met_on").dt.year() == number


def pair(jp: str, kr: str) -> pl.Expr:
    """Return the rule: of these two leaders."""
    return (col("jp_leader_id") == jp) & (col("kr_leader_id") == kr)


def kr(leader: str) -> pl.Expr:
    """Return the rule: of this leader of the Republic of Korea."""
    return col("kr_leader_id") == leader


def place(summit_id: str, column: str) -> int | None:
    """Return an ordinal of the encounter."""
    return S.filter(col("summit_id") == summit_id)[column].item()


def since(summit_id: str, *rule: pl.Expr) -> tuple[str, float]:
    """Return the last encounter of the rule before this one and the months between them."""
    day = S.filter(col("summit_id") == summit_id)["met_on"].item()
    last = S.filter(col("met_on") < day, *rule).sort("sequence").tail(1)
    return last["summit_id"].item(), (day - last["met_on"].item()).days / 30.4375


def days_in_office(term_id: str, leader: str) -> int:
    """Return the days from the president's first day to the first day of the first visit to Japan."""
    start = TERMS.filter(col("term_id") == term_id)["start_on"].item()
    first = S.filter(VISIT, TO_JAPAN, kr(leader), col("start_on") >= start)["start_on"].min()
    return (first - start).days


def gap(summit_id: str, months: float, expected: str, *rule: pl.Expr) -> bool:
    """Return whether the encounter before is the expected one, this many months ago, give or take one."""
    last, passed = since(summit_id, *rule)
    return last == expected and abs(passed - months) <= 1


FITS = [
    ("1994-11 fourth of Kim Young-sam", 4, place("1994-11-14-jakarta", "kr_leader_full")),
    ("1994-11 second with Murayama", 2, place("1994-11-14-jakarta", "pair_full")),
    ("1996-06 second of Hashimoto and Kim", 2, place("1996-06-22-jeju", "pair_with_brief")),
    ("1997-01 fourth of Hashimoto and Kim", 4, place("1997-01-25-beppu", "pair_with_brief")),
    ("1997-01 three in 1996", 3, count(FULL, pair("hashimoto-ryutaro", "kim-young-sam"), year(1996))),
    ("2000-05 first of Mori", 1, place("2000-05-29-seoul", "jp_leader_full")),
    ("2000-09 third of Mori", 3, place("2000-09-22-atami", "jp_leader_full")),
    (
        "2002-03 fourth in five months",
        4,
        count(pair("koizumi-junichiro", "kim-dae-jung"), col("met_on") >= date(2001, 10, 15), by(date(2002, 3, 22))),
    ),
    ("2003-06 second of Koizumi and Roh", 2, place("2003-06-06-tokyo", "pair_full")),
    ("2005-06 seventh under Roh", 7, place("2005-06-20-seoul", "kr_leader_full")),
    ("2005-06 third shuttle visit", 3, place("2005-06-20-seoul", "shuttle_full")),
    ("2005-11 eighth under Roh", 8, place("2005-11-18-busan", "kr_leader_full")),
    ("2006-10 eleven months", True, gap("2006-10-09-seoul", 11, "2005-11-18-busan", FULL)),
    ("2008-04 three years and four months", True, gap("2008-04-20-tokyo", 40, "2004-12-17-ibusuki", TO_JAPAN)),
    ("2009-10 second with Hatoyama", 2, place("2009-10-09-seoul", "pair_full")),
    ("2009-10 seventh shuttle visit", 7, place("2009-10-09-seoul", "shuttle_full")),
    ("2011-10 second with Noda", 2, place("2011-10-18-seoul", "pair_full")),
    ("2011-12 three direct talks with Noda", 3, place("2011-12-17-kyoto", "pair_full")),
    (
        "2014-03 twenty-two months",
        True,
        gap("2014-03-25-the-hague-us", 22, "2012-05-13-beijing-cn", col("form") == "summit_meeting"),
    ),
    ("2015-11 three and a half years", True, gap("2015-11-02-seoul", 42, "2012-05-13-beijing", FULL)),
    ("2015-11 first one-on-one of Park and Abe", 1, place("2015-11-02-seoul", "pair_full")),
    (
        "2018-05 more than six years",
        True,
        since("2018-05-09-tokyo", TO_JAPAN, kr("lee-myung-bak"))[0] == "2011-12-17-kyoto"
        and since("2018-05-09-tokyo", TO_JAPAN)[1] > 72,
    ),
    ("2019-12 sixth of Moon and Abe", 6, place("2019-12-24-chengdu", "pair_full")),
    ("2019-12 one year and three months", True, gap("2019-12-24-chengdu", 15, "2018-09-25-new-york", FULL)),
    ("2022-09 two years and nine months", True, gap("2022-09-21-new-york", 33, "2019-12-24-chengdu", FULL)),
    ("2023-03 Park: three", 3, count(FULL, kr("park-geun-hye"))),
    ("2023-03 Moon: six", 6, count(FULL, kr("moon-jae-in"))),
    ("2023-05 five years and three months", True, gap("2023-05-07-seoul", 63, "2018-02-09-pyeongchang", TO_ROK)),
    (
        "2023-05 shuttle visit to the ROK after twelve years",
        True,
        gap("2023-05-07-seoul", 138.5, "2011-10-18-seoul", TO_ROK, col("shuttle")),
    ),
    ("2023-05 third of the year", 3, count(FULL, year(2023), by(date(2023, 5, 21)))),
    ("2023-08 fifth of the year", 5, count(FULL, year(2023), by(date(2023, 8, 18)))),
    ("2023-09 sixth since March", 6, count(FULL, year(2023), by(date(2023, 9, 10)))),
    ("2023-11 seventh of the year", 7, count(FULL, year(2023), by(date(2023, 11, 16)))),
    ("2024-05 tenth of Kishida and Yoon", 10, count(KISHIDA_YOON, by(date(2024, 5, 26)))),
    ("2024-09 eleven before the visit", 11, count(KISHIDA_YOON, by(date(2024, 9, 5)))),
    ("2024-09 twelfth of Kishida and Yoon", 12, count(KISHIDA_YOON, by(date(2024, 9, 6)))),
    ("2024-09 twelfth as Japan counts", 12, place("2024-09-06-seoul", "pair_by_jp_lowest")),
    ("2024-09 twelfth as the ROK counts", 12, place("2024-09-06-seoul", "pair_by_kr_lowest")),
    ("2024-09 third of the year", 3, count(KISHIDA_YOON, year(2024))),
    ("2024-09 three visits of Kishida", 3, count(TO_ROK, col("jp_leader_id") == "kishida-fumio")),
    ("2025-08 days to the first visit, Lee Myung-bak", 55, days_in_office("lee-myung-bak-2008", "lee-myung-bak")),
    ("2025-08 days to the first visit, Lee Jae-myung", 80, days_in_office("lee-jae-myung-2025", "lee-jae-myung")),
    ("2025-08 days to the first visit, Kim Dae-jung", 224, days_in_office("kim-dae-jung-1998", "kim-dae-jung")),
    ("2025-08 days to the first visit, Yoon", 310, days_in_office("yoon-suk-yeol-2022", "yoon-suk-yeol")),
    (
        "2025-08 first joint statement in seventeen years",
        True,
        gap(
            "2025-08-23-tokyo",
            208,
            "2008-04-20-tokyo",
            BILATERAL,
            col("document").is_in(["joint_declaration", "joint_statement", "joint_press_statement"]),
        ),
    ),
    ("2025-09 third of Ishiba and Lee", 3, place("2025-09-30-busan", "pair_full")),
    (
        "2025-09 outside Seoul after twenty-one years",
        True,
        gap("2025-09-30-busan", 254, "2004-07-21-seogwipo", VISIT, TO_ROK, col("city_en") != "Seoul"),
    ),
    ("2026-01 fifth of Lee Jae-myung", 5, place("2026-01-13-nara", "kr_leader_full")),
    ("2026-01 second with Takaichi", 2, place("2026-01-13-nara", "pair_full")),
    ("2026-01 sixth of Lee with brief talks", 6, place("2026-01-13-nara", "kr_leader_with_brief")),
    ("2026-01 third with Takaichi with brief talks", 3, place("2026-01-13-nara", "pair_with_brief")),
    (
        "2026-01 outside Tokyo after about fourteen years",
        True,
        gap("2026-01-13-nara", 169, "2011-12-17-kyoto", VISIT, TO_JAPAN, col("city_en") != "Tokyo"),
    ),
    ("2026-05 third time the two sat down", 3, place("2026-05-19-andong", "pair_full")),
    (
        "1998-10 state visits to Japan by four presidents",
        4,
        count(TO_JAPAN, col("visit_kind") == "state", by(date(1998, 10, 10))),
    ),
    ("2023-03 Kim Dae-jung: fourteen", 14, count(FULL, kr("kim-dae-jung"))),
]


@pytest.mark.parametrize(("published", "given"), [tally[1:] for tally in FITS], ids=[tally[0] for tally in FITS])
def test_published_tally(published: object, given: object):
    assert given == published
