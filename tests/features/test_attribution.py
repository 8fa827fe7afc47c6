"""One case for each construction, with the codebook rule (section 1) that it stands for."""

from collections.abc import Sequence

import pytest

from stancewire.data.article import Article, Sentence
from stancewire.features.attribution import Attribution, attribute


def read(*paragraphs: Sequence[str] | str, title: str = "Dispatch") -> dict[str, Attribution]:
    """Attribute an article given as paragraphs of sentences; return the attributions by sentence text."""
    body, spans = "", []
    for paragraph in paragraphs:
        body += "\n\n" if body else ""
        for place, text in enumerate([paragraph] if isinstance(paragraph, str) else paragraph):
            body += " " if place else ""
            spans.append((len(body), text))
            body += text
    sentences = [Sentence(index, "body", start, start + len(text), text) for index, (start, text) in enumerate(spans)]
    found = attribute(Article("case", body, title=title), sentences)
    return {sentences[one.sentence].text: one for one in found}


def only(text: str, title: str = "Dispatch") -> tuple[str, str | None, str] | None:
    found = read(text, title=title).get(text)
    return None if found is None else (found.speaker, found.mention, found.quotation)


def heading(text: str) -> tuple[str, str | None, str] | None:
    sentence = Sentence(0, "title", 0, len(text), text)
    found = attribute(Article("case", "", title=text), [sentence])
    return (found[0].speaker, found[0].mention, found[0].quotation) if found else None


@pytest.mark.parametrize(
    ("text", "speaker", "mention", "quotation"),
    [
        # Attribution after, before, inside and inverted; rank and office are left out of names and mentions.
        ("“The bridge is gone,” Marta Kovalenko said.", "Marta Kovalenko", "Marta Kovalenko", "direct"),
        ("Finnish Foreign Minister Aino Lehto said: “We will not wait.”", "Aino Lehto", "Aino Lehto", "direct"),
        ("“The bridge,” Aino Lehto said, “is gone.”", "Aino Lehto", "Aino Lehto", "direct"),
        ("“It ends today,” said Captain Joe Marsh, a coalition spokesman.", "Joe Marsh", "Joe Marsh", "direct"),
        ("The road has been mined, said General Petr Dolin on Friday.", "Petr Dolin", "Petr Dolin", "indirect"),
        ("The depot, Petr Dolin said, had been empty for a year.", "Petr Dolin", "Petr Dolin", "indirect"),
        ('"We saw it," Olena Hrytsak told reporters in Odesa.', "Olena Hrytsak", "Olena Hrytsak", "direct"),
        # Passive and verbless.
        ("“Nobody fired,” the governor was quoted by Interfax as saying.", "governor", "governor", "direct"),
        ("TASS quoted Anton Belov as saying the crew was safe.", "Anton Belov", "Anton Belov", "indirect"),
        ("The plan was condemned by Norway on Monday.", "Norway", "Norway", "indirect"),
        ("According to the Estonian army, two drones crossed the lake.", "Estonian army", "Estonian army", "indirect"),
        ("Two drones crossed the lake, according to Estonian officials.", "Estonian officials", "Estonian officials", "indirect"),
        ("KELLER: They told us nothing at all about the convoy.", "KELLER", "KELLER", "direct"),
        ("Jan Keller was blunter: “They lied.”", "Jan Keller", "Jan Keller", "direct"),
        # A descriptive clause between name and verb; commas inside it.
        ("Jan Keller, who ran the port, the depot and the mill, said it was over.", "Jan Keller", "Jan Keller", "indirect"),
        ("Jan Keller, a retired pilot from Graz, said it was over.", "Jan Keller", "Jan Keller", "indirect"),
        ("The deputy governor, Jan Keller, said it was over.", "Jan Keller", "Jan Keller", "indirect"),
        ("The officials who met him in Graz said it was over.", "officials", "officials", "indirect"),
        # Sources without a name: no article; several words belong to them.
        ("A Polish diplomat in Minsk said it was over.", "Polish diplomat in Minsk", "Polish diplomat in Minsk", "indirect"),
        ("Two people familiar with the talks said it was over.", "Two people familiar with the talks",
         "Two people familiar with the talks", "indirect"),
        # "Unidentified" stays in the mention, which is the sentence's own words, and not in the name.
        ("An unidentified Danish officer said it was over.", "Danish officer", "unidentified Danish officer", "indirect"),
        # Partly quoted; a single quoted word with "so-called" is no quotation.
        ("Norway called the raid “a crime against sleeping people”.", "Norway", "Norway", "mixed"),
        ("Norway said it would arm the so-called “volunteers” next year.", "Norway", "Norway", "indirect"),
        # Verbatim speech whose marks a scraper lost is direct.
        ("We have nothing left to lose, Marta Kovalenko said.", "Marta Kovalenko", "Marta Kovalenko", "direct"),
        ("I watched it burn, he said.", "he", "he", "direct"),
        # Speech acts of other verbs.
        ("Sweden urged both sides to hold their fire.", "Sweden", "Sweden", "indirect"),
        ("The rebels accused Sweden of taking sides.", "rebels", "rebels", "indirect"),
        ("Estonia is worried that the lake will be next.", "Estonia", "Estonia", "indirect"),
        # Two sources of one claim are both named.
        ("Norway and Sweden said the lake must stay open.", "Norway and Sweden", "Norway and Sweden", "indirect"),
    ],
)  # fmt: skip
def test_a_construction_names_its_source(text: str, speaker: str, mention: str, quotation: str) -> None:
    assert only(text) == (speaker, mention, quotation)


@pytest.mark.parametrize(
    "text",
    [
        "The minister ordered two brigades to the border.",  # rule 1: an act that is no communication
        "Norway and Sweden signed the treaty on Monday.",
        "The president met Jan Keller in Graz.",
        "NATO called a meeting of its ambassadors for Tuesday.",
        "The bomb, which the army says was old, killed nine people.",  # a relative clause does not carry the sentence
        "The White House declined to comment.",
        "Nine people died after Norway said it would leave.",
        "Some 400 people have fled since March.",
    ],
)
def test_the_outlet_speaks_for_itself(text: str) -> None:
    assert only(text) is None


def test_nested_sources_take_the_outermost_that_is_no_news_organisation() -> None:
    assert only("The Kremlin said Anton Belov stressed the need for calm.") == ("Kremlin", "Kremlin", "indirect")
    relayed = "Two ships sank, the Danish navy said, Reuters reported."
    assert only(relayed) == ("Danish navy", "Danish navy", "indirect")
    citing = "Two ships sank, Interfax reports, citing the Danish navy."
    assert only(citing) == ("Danish navy", "Danish navy", "indirect")
    assert only("The Wall Street Journal reported that two ships sank.") == ("Wall Street Journal",) * 2 + ("indirect",)


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Norway says it will close its ports", "Norway"),
        ("Lehto: No troops for the lake", "Lehto"),
        ("Norway to Sweden: Keep out of the lake", "Norway"),
        ("Lehto, Keller agree to keep the lake open", "Lehto and Keller"),
        ("Nine killed in raid on lake port – monitors", "monitors"),
        ("Talks will go on, says Kremlin", "Kremlin"),
        ("READ MORE: Raid on lake port kills nine – Danish navy", "Danish navy"),
        ("Norway closes its ports", None),
        ("Editorial: The lake is lost", None),
    ],
)
def test_headings_follow_the_same_rules(text: str, speaker: str | None) -> None:
    found = heading(text)
    assert (found[0] if found else None) == speaker


def test_a_quotation_keeps_its_speaker_over_sentences_and_paragraphs() -> None:
    found = read(
        ["“We came at dawn,” said Marta Kovalenko, a nurse.", "“The doors were open."],
        ["“Nobody was inside.", "We left.”"],
        "The town is empty.",
    )
    later = ["“The doors were open.", "“Nobody was inside.", "We left.”"]
    assert [(found[text].speaker, found[text].mention, found[text].quotation) for text in later] == [
        ("Marta Kovalenko", None, "direct")
    ] * 3
    assert "The town is empty." not in found


def test_a_quotation_may_name_its_speaker_only_at_its_end() -> None:
    found = read("The port is closed.", ["“First the cranes went.", "Then the ships,” Jan Keller said."])
    assert found["“First the cranes went."].speaker == "Jan Keller"
    assert found["“First the cranes went."].mention is None


def test_marks_that_do_not_match_and_marks_that_are_lost() -> None:
    mixed = '"The port is closed,” Jan Keller said.'
    assert only(mixed) == ("Jan Keller", "Jan Keller", "direct")
    opening_lost = "The port is closed and will stay so,” Jan Keller said."
    assert only(opening_lost) == ("Jan Keller", "Jan Keller", "direct")
    nested = "“He called it ‘a gift’ and laughed,” Jan Keller said."
    assert only(nested) == ("Jan Keller", "Jan Keller", "direct")


def test_names_resolve_to_the_fullest_form_given_so_far() -> None:
    found = read(
        "Lehto said on Monday the lake was closed.",
        "Prime Minister Aino Lehto said it would open again.",
        "Lehto added that nobody had asked.",
        "“Nobody at all,” the prime minister said.",
        "She denied a report about the ice.",
    )
    assert [one.speaker for one in found.values()] == ["Lehto", *["Aino Lehto"] * 4]
    assert [one.mention for one in found.values()] == ["Lehto", "Aino Lehto", "Lehto", "prime minister", "She"]


def test_a_body_resolves_from_its_head_and_from_it() -> None:
    found = read(
        "The Estonian Interior Ministry said two drones had crossed.",
        "The ministry said they came from the east.",
        "It denied that anyone was hurt.",
        "The Interior Ministry said the drones were old.",
    )
    assert {one.speaker for one in found.values()} == {"Estonian Interior Ministry"}
    assert [one.mention for one in found.values()][1:] == ["ministry", "It", "Interior Ministry"]


def test_a_spokesman_is_not_his_principal() -> None:
    found = read(
        "President Petr Dolin arrived on Monday.",
        "Dolin’s spokesman, Igor Maslak, said the visit was short.",
        "The spokesman said there would be no talks.",
        "Dolin said he was pleased.",
    )
    assert [one.speaker for one in found.values()] == ["Igor Maslak", "Igor Maslak", "Petr Dolin"]


def test_two_people_with_one_last_name_stay_apart() -> None:
    found = read(
        "Anna Dolin said the port was open.",
        "Dolin said ships were waiting.",
        "Petr Dolin said the port was closed.",
        "“It is,” Petr Dolin said.",
    )
    assert [one.speaker for one in found.values()] == ["Anna Dolin", "Anna Dolin", "Petr Dolin", "Petr Dolin"]


def test_pronouns_follow_gender_and_the_subject_before() -> None:
    found = read(
        "Spokeswoman Anna Dolin said the port was open.",
        "Mr. Karl Brandt said it was not.",
        "She said she had seen the ships.",
    )
    assert list(found.values())[-1].speaker == "Anna Dolin"
    moved = read("Captain Karl Brandt left the port at noon.", "He said he would not be back.")
    assert [one.speaker for one in moved.values()] == ["Karl Brandt"]


def test_a_mention_that_cannot_be_resolved_stands_as_it_is() -> None:
    assert only("“Nobody came,” he said.") == ("he", "he", "direct")


def test_a_pronoun_too_far_from_its_person_stands_as_it_is() -> None:
    near = ["Mr. Karl Brandt said the port was open.", "It snowed.", "It froze.", "“Nobody came,” he said."]
    assert read(*near)[near[-1]].speaker == "Karl Brandt"
    far = [*near[:3], "Then it rained.", near[-1]]
    assert read(*far)[far[-1]].speaker == "he"


def test_a_body_is_called_by_the_full_name_that_was_given_last() -> None:
    found = read(
        "The Estonian Defence Ministry said two drones had crossed.",
        "Estonia's Defense Ministry said a third had crossed.",
        "The ministry said it was the last.",
        "The Estonian Defence Ministry opened a hotline.",
        "The Defence Ministry said it was busy.",
    )
    names = ["Estonian Defence Ministry", *["Estonia's Defense Ministry"] * 2, "Estonian Defence Ministry"]
    assert [one.speaker for one in found.values()] == names


def test_a_body_is_not_the_city_it_sits_in() -> None:
    found = read("Officials in Oslo said the port was closed.", "Oslo said it would stay so.")
    assert [one.speaker for one in found.values()] == ["Officials in Oslo", "Oslo"]


def test_a_sentence_that_ends_inside_a_word_names_what_it_holds() -> None:
    (found,) = attribute(Article("case", "said U.S.", title="Dispatch"), [Sentence(0, "body", 0, 7, "said U.")])
    assert (found.mention, found.mention_span) == ("U.", (5, 7))


def test_a_pronoun_behind_its_content_means_the_subject_of_the_content() -> None:
    assert only("The Lake Commission will send two boats, it said on Friday.") == ("Lake Commission", "it", "indirect")


def test_a_transcript_goes_on_without_marks() -> None:
    found = read(["KELLER: The cranes went first.", "Then the ships went.", "BRANDT: Nobody saw that."])
    assert [(one.speaker, one.quotation) for one in found.values()] == [
        ("KELLER", "direct"),
        ("KELLER", "direct"),
        ("BRANDT", "direct"),
    ]


def test_turns_open_within_a_paragraph_too() -> None:
    reply = "KARI SALO: (Through interpreter) I have two boats left."
    found = read(
        ["ANNA REED: This is the sound of a ferry.", reply, "So I count.", "(Laughter.)", "And I pray."],
        ["REED: And the crew?", "SALO: No."],
    )
    assert found[reply].speaker == found["So I count."].speaker == found["And I pray."].speaker == "KARI SALO"
    assert (found["SALO: No."].speaker, found["SALO: No."].mention) == ("KARI SALO", "SALO")
    assert "(Laughter.)" not in found


def test_first_person_goes_on_where_a_text_has_lost_its_marks() -> None:
    said, ours = "The mayor, Ida Voss, said the quay was lost.", "Our divers will be back on Monday."
    assert read([said, ours])[ours].speaker == "Ida Voss"
    assert ours not in read([said, ours], "“Never,” a diver said.")


def test_a_bare_attribution_names_the_quotation_before_it() -> None:
    found = read(["“The cranes went first.", "Then the ships.”"], "Jan Keller, a docker, told Reuters.")
    assert found["Jan Keller, a docker, told Reuters."].quotation == "direct"


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("Moscow said the bridge was open.", "russia"),
        ("Damascus denied the report.", "syria_government"),
        ("A Turkish official said the bridge was open.", "turkey"),
        ("A Russian analyst said the bridge was open.", "independent"),  # a national as an expert is independent
        ("Syrian rebels said the bridge was open.", "syrian_opposition"),
        ("Turkish-backed Syrian rebels said the bridge was open.", "syrian_opposition"),
        ("Residents of the town said the bridge was open.", "independent"),
        ("Islamic State said it blew up the bridge.", "jihadist_groups"),
        ("The Russian mission to the United Nations said the bridge was open.", "russia"),
        ("Syrian state television said the bridge was open.", "syria_government"),
        ("A Western diplomat said the bridge was open.", "europe_nato"),
        ("The U.N. mediator said the bridge was open.", "international_org"),
        ("Ukraine said the bridge was open.", "europe_nato"),
        ("Jordan and Turkey said the bridge was open.", "regional_states"),  # the group of the first
    ],
)
def test_a_source_is_on_its_side(text: str, group: str) -> None:
    found = read(text)[text]
    assert found.group == group


def test_offsets_of_content_cue_and_mention_point_into_the_body() -> None:
    text = "“The port is closed,” Jan Keller said in Graz, adding that ships were waiting."
    body = f"Snow fell.\n\n{text}"
    sentences = [Sentence(0, "body", 0, 10, "Snow fell."), Sentence(1, "body", 12, len(body), text)]
    (found,) = attribute(Article("case", body, title="Dispatch"), sentences)
    assert found.mention_span is not None and found.cue is not None
    assert body[slice(*found.mention_span)] == "Jan Keller"
    assert body[slice(*found.cue)] == "said"
    assert body[slice(*found.content[0])] == "“The port is closed,”"
    assert found.quotation == "mixed"


def test_sentences_are_found_where_none_are_given() -> None:
    article = Article(
        "case", "Snow fell on the port. Jan Keller said it was closed.", title="Norway says ports stay open"
    )
    found = attribute(article)
    assert [(one.sentence, one.speaker) for one in found] == [(0, "Norway"), (2, "Jan Keller")]


def test_the_official_of_a_title_is_whom_the_text_names() -> None:
    body = (
        "Jan Keller, deputy secretary of the Harbour Council, announced on Friday that Norway wants six boats.\n\n"
        "The dredgers, the official underlined, are paid for."
    )
    found = attribute(Article("case", body, title="Norway official: harbour will be dredged"))
    assert [one.speaker for one in found] == ["Norway official", "Jan Keller", "Jan Keller"]


@pytest.mark.parametrize(
    "text", ["To Jan Keller, ", "according to Russia “", "21:47 GMT:", "Question:", "â€", ") said", "To ,"]
)
def test_fragments_raise_nothing(text: str) -> None:
    assert isinstance(attribute(Article("case", text, title=text.strip())), list)


def test_a_decimal_is_no_time() -> None:
    (found,) = attribute(Article("case", "3.75 million people left, Ida Voss said.", title="Report"))
    assert found.content[0][0] == 0


def test_the_label_of_an_answer_is_none_of_its_words() -> None:
    body = (
        "Mayor Ida Voss answered questions in an interview.\n\nQ: Is the bridge open?\n\nA: It is open now.\n\n"
        "Q: For whom?\n\nA: For everybody."
    )
    answers = [one for one in attribute(Article("case", body, title="Interview")) if one.quotation == "direct"]
    assert [body[one.content[0][0] : one.content[0][1]] for one in answers] == ["It is open now.", "For everybody."]


def test_a_post_does_not_reach_behind_the_signature_of_another() -> None:
    text = (
        "We won the vote today. — Anna Berg (@anna) We lost all of it. They won again. — Jan Keller (@jan)\n\n"
        "We are glad of it. — Ida Voss (@voss)"
    )
    found = {one.sentence: one.speaker for one in attribute(Article("a", text, title="Vote"))}
    assert 1 not in found and 2 not in found
    assert (found[3], found[5]) == ("Jan Keller", "Ida Voss")


def test_a_line_in_the_first_person_above_a_bare_plural_is_read() -> None:
    assert attribute(Article("a", "our own hands’\n\nown hands’", title="Dispatch")) == []
