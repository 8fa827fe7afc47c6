"""The offline language detector: English passes, other languages do not, short or mixed text is left in peace."""

import json
from pathlib import Path

import pytest

from stancewire.data.language import foreign

ROOT = Path(__file__).parents[2]

OTHERS = {
    "ru": "Министр обороны заявил в понедельник, что вывод войск начнётся на следующей неделе. По его "
    "словам, операция завершена, а оставшиеся подразделения будут охранять базу и аэродром.",
    "uk": "Міністр оборони заявив у понеділок, що виведення військ розпочнеться наступного тижня. За його "
    "словами, операцію завершено, а підрозділи, що залишилися, охоронятимуть базу.",
    "de": "Der Verteidigungsminister sagte am Montag, der Abzug der Truppen werde in der nächsten Woche "
    "beginnen. Der Einsatz sei beendet, die verbliebenen Einheiten sollten den Stützpunkt und den "
    "Flugplatz bewachen.",
    "fr": "Le ministre de la Défense a déclaré lundi que le retrait des troupes commencerait la semaine "
    "prochaine. Selon lui, l'opération est terminée et les unités restantes garderont la base et "
    "l'aérodrome.",
    "tr": "Savunma bakanı pazartesi günü yaptığı açıklamada birliklerin geri çekilmesinin gelecek hafta "
    "başlayacağını söyledi. Bakana göre operasyon sona erdi ve kalan birlikler üssü ve havaalanını koruyacak, dedi.",
    "ar": "قال وزير الدفاع يوم الاثنين إن انسحاب القوات سيبدأ الأسبوع المقبل. وأضاف أن العملية انتهت وأن "
    "الوحدات المتبقية ستحرس القاعدة والمطار العسكري في المنطقة.",
    "he": "שר הביטחון אמר ביום שני כי נסיגת הכוחות תתחיל בשבוע הבא. לדבריו המבצע הסתיים והיחידות שנותרו "
    "ישמרו על הבסיס ועל שדה התעופה הצבאי שבאזור.",
    "zh": "国防部长星期一表示，部队将于下周开始撤离。他说，行动已经结束，剩余的部队将继续守卫基地和机"
    "场，直到进一步通知为止。政府发言人没有对此发表评论，但是消息人士说，撤军计划早在上个月就已"
    "经由总统批准。",
}


@pytest.mark.parametrize("language", sorted(OTHERS))
def test_other_languages_are_recognised(language: str) -> None:
    assert foreign(OTHERS[language], "en") == language
    assert foreign(OTHERS[language], language) is None


def test_the_seeds_are_english() -> None:
    lines = (ROOT / "data/annotations/articles.jsonl").read_text(encoding="utf-8").splitlines()
    for article in map(json.loads, lines):
        text = (ROOT / "seeds" / article["document"]).read_bytes().decode()[article["start"] : article["end"]]
        assert foreign(text, "en") is None, article
    assert foreign(text, "fr") == "en"


def test_short_mixed_and_wordless_text_passes() -> None:
    assert foreign("Ya basta!", "en") is None
    assert foreign("1234567890 " * 50, "en") is None
    assert foreign("\ud800 Troops leave, he said. " * 30, "en") is None
    mixed = (
        "The minister told reporters that the operation was over and the troops would leave. " * 5
        + "«Мы уходим», — сказал он."
    )
    assert foreign(mixed, "en") is None
