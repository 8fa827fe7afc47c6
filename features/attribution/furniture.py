"""What pages put around a sentence: times and labels before it, links and picture credits, lines that are nothing else."""

import re
from dataclasses import dataclass

_LABEL = re.compile(
    r"(?:>+ ?)?(?:READ MORE|READ ALSO|READ NEXT|Read more|Read also|Read next|WATCH|RELATED|Related|SEE ALSO|See also"
    r"|MORE|UPDATE|BREAKING|LIVE|EXCLUSIVE"
    r"|Exclusive|Breaking|Update|PHOTOS?|VIDEOS?|WATCH LIVE)(?:\s*:\s*|\s[-–—]\s+)"
    # An agency's slug: "UPDATE 2-Kremlin says …", "CORRECTED-UPDATE 1-…", "EXCLUSIVE-…", "RPT-…"
    r"|(?:(?:UPDATE|WRAPUP|CORRECTED|REFILE|RPT|EXCLUSIVE|ANALYSIS|FACTBOX|INSIGHT|FEATURE|INTERVIEW|TIMELINE|EXPLAINER|NEWSMAKER"
    r"|PREVIEW|POLL|SPECIAL REPORT|CORRECTION|BREAKING)(?: \d{1,2})?(?: ?[-–—:] ?|(?= \d))){1,3}(?=[A-Z\"“‘'])"
)
# Links that a scraper has joined to their text: "Recommended Kyiv says …", "list 2 of 3 Kyiv says …".
_LINK = re.compile(
    r"(?:>+ ?)?(?:(?:Recommended(?: Stories)?|RECOMMENDED|Related (?:Articles?|Stories)|Read [Mm]ore|READ MORE|Also [Rr]ead"
    r"|See [Aa]lso|Read [Aa]lso|Most [Rr]ead|Must [Rr]ead|Editor[’']s [Pp]icks?|Don[’']t [Mm]iss|Trending [Nn]ow"
    r"|More on this(?: story| topic)?|ADVERTISEMENT|Advertisement)(?:\s{0,3}[:|•])?\s{1,8})?"
    r"(?:list of \d+ items\s{1,8})?(?:list \d+ of \d+\s{1,8})?(?=[A-Z\"“‘'«])"
)
_AFTER_LINK = re.compile(r"\s(?:end of list(?=\s*$|\s[A-Z])|list \d+ of \d+\b).*", re.DOTALL)

_ZONE = r"(?:GMT|UTC|BST|[ECMPA][SDE]?T|CES?T|EES?T|MSK|TRT|JST|IST|AE[SD]T|[Ll]ocal time|[A-Z][a-z]+ time)\b"
_HALF = r" ?[ap]\.?m\b\.?"
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?"
_DATE = (
    r"(?:(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?,? )?"
    rf"(?:\d{{1,2}} {_MONTH}|{_MONTH} \d{{1,2}})(?:,? \d{{4}})?"
)
# "18:34 –", "4:15 pm", "21:47 GMT:", "[09:50 UTC]"
_CLOCK = (
    rf"(?:GMT |UTC )?(?:\d{{1,2}}(?::|\.(?=\d\d(?:{_HALF}| {_ZONE}| ?[-–—:\]]| +[\"“‘']?[A-Z])))\d\d"  # not "3.75 million"
    rf"(?:{_HALF})?|\d{{1,2}}{_HALF}|\d{{4}}(?= ?{_ZONE}))(?: ?\(?{_ZONE}\)?)?"
)
# "13 January 2022 11:26 GMT", "March 14, 2016 at 9.41pm", "11:26 GMT, 13 January", "2h ago"
_TIME = re.compile(
    rf"(?:(?:Updated|Posted|Published)(?: at| on)? )?"
    rf"(?:\[?(?:{_DATE}(?: at|,| [-–—•|])? )?\b{_CLOCK}\]?(?:,? (?:on )?{_DATE})?"
    rf"|\d{{1,2}} ?(?:h|hrs?|hours?|m|mins?|minutes?) ago\b)(?: ?[-–—:•|])* +"
)
# "MOSCOW, Feb. 3 (Reuters) -", "(7/10)", "2."
_DATELINE = re.compile(
    r"(?:[A-Z][A-Z.’'/ ,-]{2,40}"
    r"(?:,? [A-Z][a-z]+\.?(?: [A-Z][a-z]+\.?)?(?: \d{1,2})?){0,3}(?: ?\([^)]{1,30}\))?(?: ?[-–—]{1,2}| [•·|]) |[•▪●◦‣·*■] "
    r"|\(\d{1,2}/\d{1,2}\) |\d{1,2}[.)] )\s*"
)
# "[1/3]", "Image source, AFP Image caption,", "FILE PHOTO:"
_CAPTION = re.compile(
    r"(?:\[\d+/\d+\]|(?:(?:Image|Media|Video) source, [^,]{2,40})?(?:Image|Media|Video) caption,"
    r"|FILE(?: PHOTO)? ?[-–—:]|File (?:photo|picture|image):)\s*"
)
# Fixed fields of a page: "Source: Jan Keller, head of …", "Quote: “…”"
_FIELD = re.compile(r"(?:Source|(?:Direct |Exact |Full )?[Qq]uote|QUOTE|SOURCE)\s?:\s+(?=\S)")
_TOWN = r"[A-Z][a-z]+(?:[ -][A-Z][a-z]+){0,2}"
_CREDITS = r"(?:AP|AFP|EPA|EFE|ANP|TASS|Sputnik|Anadolu|Getty|Reuters|REUTERS|Shutterstock|Bloomberg|Xinhua|NurPhoto)"
# "Homs, SANA-The mayor …", "Oslo, Norway – The mayor …", "(Reuters) - The mayor …", "March 3 (Interfax) - The mayor …"
_PLACED = re.compile(
    rf"(?:(?:{_CREDITS}|Agence France-Presse|Associated Press|VOA|RFE/RL|CNN|Interfax) [–—] (?=[A-Z\"“‘'])"
    rf"|{_TOWN}, (?:[A-Z]{{3,5}} ?[-–—] ?(?=[A-Z])|{_TOWN}, [A-Z]{{3,5}} ?[-–—] ?(?=[A-Z]))"
    rf"|{_TOWN}, (?:{_TOWN}|U\.?K\.?|U\.?S\.?A?\.?)(?: \([^)]{{1,30}}\))? [-–—•|]{{1,2}} (?=[A-Z\"“‘'])"
    rf"|(?:{_DATE},? )?\((?:{_CREDITS}|CNN|Interfax|UPI|dpa|JTA|UKRINFORM|Ukrinform)\)(?: ?[-–—]{{1,2}})? (?=[A-Z\"“‘']))"
)
_NAMES = r"[A-Z][\w.’'-]+(?: (?:[A-Z][\w.’'-]*|d[aeio]s?|van|von|der|al|el|bin|la)){0,4}"
# "… Photograph: Jan Keller/EPA", "… Credit: Getty", "… [Handout/AP]", "… REUTERS/Jan Keller", "… © Jan Keller, AFP"
_CREDIT = re.compile(
    rf"(?:(?:(?<=[.!?”\"’)])|(?<=[a-z])(?=[IPF])|^)\s?"
    r"(?:Photo(?:graph)?|Pic(?:ture)?|Image|Video|File photo|Illustration|Source)(?: by| credit)?: "
    rf"(?={_NAMES}(?:[/,|][\w ,/|]{{2,40}})?\.?\s*$)"
    r"|\s(?:Photograph|Photo credit|Image credit|Credit|Pic|Foto): (?=[A-Z])"
    rf"|\s?\[[^\]]*(?:/|\b{_CREDITS}\b|Courtesy|Handout)[^\]]*\]\s*$"
    rf"|\s?\([^()]*(?:\b{_CREDITS}(?: Photo)?/|/{_CREDITS}\b|Getty Images|AP Photo)[^()]*\)\s*$"
    rf"|(?:^|\s)(?:REUTERS|Reuters|AFP|AP|EPA)/{_NAMES}(?:/[\w ]{{2,30}})?(?:\.?\s*$|\s+(?:Purchase|Acquire|Licensing)\b)|\s©"
    rf"|(?:^|(?<=[.!?”\"’)]))\s*{_NAMES}(?:/[\w ]{{2,30}})?(?:/| via ){_CREDITS}\b\.?\s*$).*",
    re.DOTALL,
)
# "… published at 16:51", "… Posted 09:12 BST 4 May"
_PUBLISHED = re.compile(
    rf"(?:\s(?:[Pp]ublished|[Pp]osted|[Uu]pdated)|(?<=[\w'’\"”.?!])(?:published|posted))(?: at)? {_CLOCK}"
    rf"(?:,? (?:on )?{_DATE})?\s*$"
)
# "Web posted at: 1:25 p.m. EST (1825 GMT)", "Story last updated 4 May 2009"
_STAMP = re.compile(
    r"(?:(?:Web|Story|Page|Article|First|Date|Originally) )?(?:last )?(?:[Pp]osted|[Pp]ublished|[Uu]pdated|[Mm]odified)\b"
    rf"(?: ?:|(?= ))(?:[ ,()|•–—-]|\b(?:on|at|to)\b|:(?= )|\b\d{{1,2}}:\d\d ?[AP]M\b|\b{_CLOCK}|\b{_DATE}|\b{_ZONE}"
    r"|\b[A-Z][a-z]+day\b|\b\d{4}\b)*"
)
# "18:40 29.8.2014", "29/08/2014 - 18:40": a line with nothing but the time of an entry
_MOMENT = re.compile(
    r"\[?(?:\d{1,2}[:.]\d\d(?::\d\d)?[ ,|-]+\d{1,2}([./-])\d{1,2}\1\d{2,4}"
    r"|\d{1,2}([./-])\d{1,2}\2\d{2,4}[ ,|-]+\d{1,2}[:.]\d\d)\]?"
)
# "– Bridge blown up: mayor –": a heading within a digest
_DASHED = re.compile(r"[-–—]{1,2} (?=\S)([^.!?]{3,90}?)(?= [-–—]{1,2}\s*$)")
# "Bridge was mined, says mayor / News / Kalmo Agency": what a page's title adds to the heading
_TRAIL = re.compile(r"(?<=\S) (?:/|»|::|·|•) .{2,80}$")
_NUMBERED = re.compile(r"\d{1,2}[.)] ")
# "+++ 21:58 Oslo says no +++": an entry of a ticker
_TICKER = re.compile(r"\s*\+{2,3}\s+(?=[^\s+])")
_BYLINE = re.compile(
    r"(?:By|Written by|Story by|Text by|Reporting by|Writing by|Editing by|Additional reporting by) [A-Z][^?!:]{3,120}"
)
_CODE = re.compile(r"(?:\{[\w/:=-]{2,30}\}\s*)+")  # what a page's own system has left: "{advert}"
_FEED = re.compile(
    r"The post .{3,300} (?:appeared first|first appeared|was first published|was originally published) (?:on|in|at) .{2,80}"
    r"|(?:Accessibility links )?Skip to (?:main |the )?(?:content|navigation|menu|search|footer)\b.{0,80}"
)
# "Stay informed: Get our newsletter", "Sign up for our daily briefing"
_INVITATION = re.compile(
    r"(?:Stay (?:informed|updated|connected|tuned|up to date|in the know|ahead)|Keep (?:informed|updated|up to date)"
    r"|(?:Sign up|Subscribe|Register|Log in|Join|Follow)\b(?= ?[:!]| (?:to|for|us|our|now|here|today|the (?:newsletter|channel)))"
    r"|(?:Get|Download|Receive|Support) (?:our|the latest|breaking|unlimited)\b)[^.,?“”\"]{0,90}[.!]?"
)
# "212 View comments", "Source: Kalmo News Agency - KNA", "ADVERTISEMENT - ARTICLE GOES ON BELOW"
_COUNTER = re.compile(
    r"[\d.,]+[KkMm]? ?(?:[Vv]iew )?(?:[Cc]omments?|[Ss]hares?|[Ll]ikes?|[Vv]iews?|[Rr]etweets?|[Rr]eplies|[Rr]eactions?)"
    r"|(?:[-–—|• ]*(?:ADVERTISEMENT|ADVERT|STORY CONTINUES|ARTICLE CONTINUES)\b[A-Z ,:|•–—-]*)"
    rf"|{_CREDITS} ?[-–—|] ?{_TOWN}"
    r"|(?:Source|Via|SOURCE|VIA)s?: (?=[^:]*(?:News|Press|Reuters|TASS|Interfax|\bA[FP]P?\b))[^.!?,\"“”:]{2,60}"
)
# "(Adds quotes from residents)": what an agency has changed in its story
_CHANGES = re.compile(
    r"\((?![^()]*\b(?:said|says|told)\b)"
    r"(?:Adds?|Recasts?|Updates?|Corrects?|Writes through|Rewrites|Removes|Fixes|Clarifies|Repeats|Refiles|Changes"
    r"|Deletes|Drops)\b[^()]{0,200}\)\.?"
)
_CLOSING = (".", "!", "…", ":", ",")
_MAX_CREDIT = 120


@dataclass(frozen=True, slots=True)
class Cut:
    """What of a sentence is text: offsets ``start`` to ``end``. ``labelled`` tells that a link's label stands before it,
    ``entry`` that it is the heading of a live page's entry, ``apart`` that it is a caption or byline, which no
    sentence behind it goes on from, ``timed`` that a time stood before it."""

    start: int
    end: int
    labelled: bool = False
    apart: bool = False
    entry: bool = False
    timed: bool = False


def heads_entry(text: str, before: str) -> bool:
    """Tell whether a line that no mark closes stands behind a line with nothing but a time: the heading of a live page's
    entry."""
    timed = _TIME.fullmatch(before.strip() + " ") or _MOMENT.fullmatch(before.strip())
    return bool(timed) and text.rstrip("'’\"”» ")[-1:] not in _CLOSING


def is_feed_link(text: str) -> bool:
    """ "The post Oslo says no appeared first on Kalmo News.", "Stay informed: Get our newsletter": what feeds and pages put
    below an article or into it."""
    return bool(_FEED.fullmatch(text.strip()) or _INVITATION.fullmatch(text.strip()))


def cut_furniture(text: str, heads: bool) -> Cut:
    """Return what of a sentence is its text; ``heads`` tells that it is a title, which has no dateline and no credit."""
    if len(text) < _MAX_CREDIT and any(page.fullmatch(text) for page in (_STAMP, _MOMENT, _COUNTER, _CHANGES)):
        return Cut(len(text), len(text), apart=True)
    ticker = _TICKER.match(text)
    if ticker is not None:
        at = ticker.end()
        inner = cut_furniture(text[at:].rstrip().rstrip("+").rstrip(), heads=True)
        return Cut(at + inner.start, at + inner.end, inner.labelled, entry=not heads)
    dashed = None if heads else _DASHED.match(text)
    if dashed is not None:
        return Cut(dashed.start(1), dashed.end(1), entry=True)
    time = _TIME.match(text)
    start = time.end() if time else 0
    label = _LABEL.match(text, start) or _LINK.match(text, start)
    labelled = label is not None and label.end() > start
    if label is not None and labelled:
        start = label.end()
    if heads:
        trail = _TRAIL.search(text, start)
        return Cut(start, trail.start() if trail else len(text), labelled)
    after = _AFTER_LINK.search(text, start) if "list" in text else None
    end = after.start() if after else len(text)
    published = _PUBLISHED.search(text, max(start, end - _MAX_CREDIT), end)
    end = published.start() if published else end
    closed = text[start:end].rstrip("'’\"”» ")[-1:] in _CLOSING
    entry = bool(time or published or _NUMBERED.match(text)) and not closed
    caption = _CAPTION.match(text, start, end)
    if caption:
        start = caption.end()
    elif not time and not labelled:
        lead = (
            _CODE.match(text, 0, end)
            or _DATELINE.match(text, 0, end)
            or _FIELD.match(text, 0, end)
            or _PLACED.match(text, 0, end)
        )
        start = lead.end() if lead else start
    credit = _CREDIT.search(text, max(start, end - _MAX_CREDIT), end)
    byline = _BYLINE.fullmatch(text, start, end) if text[-1:] not in '.”"’' else None
    return Cut(start, credit.start() if credit else end, labelled, bool(caption or credit or byline), entry, bool(time))
