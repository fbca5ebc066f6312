"""Which words of a question say how broad an answer it wants, in three languages, as patterns of folded keys.

The keys are Latin and without apostrophes (`loose(fold(text))`), Russian ones too. Patterns of words that several
languages spell alike are anchored to words that only one of them has.
"""

from __future__ import annotations

import re


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


_SET_EN = (
    r"measures|steps|actions|ways|methods|tools|instruments|mechanisms|approaches|factors|obstacles|barriers"
    r"|difficulties|problems|challenges|risks|threats|advantages|goals|objectives|priorities|directions|tasks|sources"
    r"|facilities|opportunities|incentives|practices|recommendations|lessons|infrastructure|cases|safeguards"
    r"|forms of (?:support|cooperation|aid|financing)|kinds of (?:support|cooperation|aid|financing)|weaknesses"
    r"|strengths"
)
_SET_RU = (
    r"mer(?:i|ax|ami)\b|deystviya|shagi\b|sposob|metod(?:i|ax|ami)\b|instrument(?:i|ax|ami)\b|mexanizm(?:i|ax|ami)\b"
    r"|podxod(?:i|ax|ami)\b|faktor(?:i|ax|ami)\b|prepyatstviya|barer(?:i|ax)|baryer(?:i|ax)|trudnosti|slojnosti"
    r"|problemi"
    r"|riski\b|ugrozi|preimushestva|tseli\b|zadachi\b|prioriteti|napravleniya|istochnik(?:i|ov|ax|ami)|obyekti"
    r"|vozmojnosti|stimuli\b|praktiki\b|rekomendatsii|uroki\b|infrastruktura|sluchayax|puti\b"
    r"|form(?:i|ax) (?:podderj|sotrud)"
    r"|vid(?:i|ax) (?:podderj|sotrud|pomosh)|instrumentari"
)
_SET_UZ = (
    r"chora(?:lar|-tadbirlar| tadbirlar| va |larni)|tadbirlar|chora-tadbir|yollar(?:i|ini)? bilan|yollar bor|usullar"
    r"|vositalar"
    r"|mexanizmlar|yondashuvlar|omillar|tosiqlar|qiyinchiliklar|muammolar|xavflar|xatarlar|tahdidlar|afzalliklar"
    r"|maqsadlar|vazifalar|ustuvor|yonalishlar|manbalar|obyektlar|imkoniyatlar|ragbatlar|tajribalar|tavsiyalar"
    r"|saboqlar"
    r"|infratuzilma|hollarda|holatlarda|qadamlar|yordam turlari|qollab-quvvatlash"
)

CATEGORY = _any(
    rf"\b(?:what|which)(?: (?!is\b|does\b|did\b|was\b|has\b)[\w-]+){{0,3}}? (?:{_SET_EN})\b",
    rf"\bkak(?:iye|ix|imi|im|aya)(?: [\w-]+){{0,3}}? (?:{_SET_RU})",
    rf"\b(?:qanday|qaysi|qanaqa|nechi xil)(?: [\w-]+){{0,3}}? (?:{_SET_UZ})",
)
"""A question for a set of something that there are many of."""

WHAT = _any(
    r"^(?:what|which) kinds of .* and how\b",
    r"^what (?:keeps|prevents|hinders|hampers|limits|holds back|helps|threatens|drives|encourages)\b(?! the\b)",
    r"^what (?:is|has been|is being|are|should be|can be|must be) (?:foreseen|planned|provided|proposed|envisaged"
    r"|done)\b",
    r"^what do(?:es)? (?:the )?(?:clusters?|documents?|strateg\w+|programmes?|regions?"
    r"|cluster polic\w+)\b.* (?:do|give|bring|offer|plan"
    r"|foresee|require|say|provide)\b",
    r"^chto (?:meshayet|sderjivayet|prepyatstvuyet|ugrojayet|sposobstvuyet|pomogayet|predusmotreno|predusmatriva\w+"
    r"|planiruyetsya|delayetsya|predlagayetsya|namecheno|sdelano|dayut|dayot|dayet)\b",
    r"\bnimalar(?:ni|ga)? (?:tosqinlik|xalaqit|xavf|tahdid|yordam|kozda tutil|rejalashtir|qilin|taklif|nazarda"
    r"|beradi|talab)",
)
"""A question for whatever furthers, hinders or is planned."""

ACROSS = _any(
    r"\bacross (?:the |all )?(?:documents|texts|clusters|regions|strategies|programmes|sources)\b",
    r"\b(?:in )?(?:which|what) (?:documents|texts|strategies|programmes|clusters|regions)\b",
    r"\b(?:do|are|in|by|from) (?:the|these|all|our|all the) documents\b",
    r"\bv (?:kakix )?(?:etix |vsex )?dokumentax\b|\bkakiye dokumenti\b|\bdokumenti (?:predus|trebu|govor|predlag"
    r"|soderj)",
    r"\b(?:qaysi|barcha|bu|ushbu) hujjatlar|\bhujjatlarda\b",
)
"""A question put to all the documents."""

LIST = _any(
    r"^(?:please )?(?:list|enumerate|summari[sz]e|name all|list all|give (?:me )?(?:all|a list|an overview"
    r"|examples)|overview of)\b",
    r"^(?:pojaluysta,? )?(?:perechisli|perechen|spisok|obzor|rezyumiru|sostav\w* (?:spisok|perechen)"
    r"|privedi\w* (?:vse|spisok|primer)"
    r"|nazovi\w* (?:vse|osnovn))",
    r"\b(?:sanab (?:ber|ot|chiq)|royxatini (?:ber|tuz|keltir)|barchasini (?:ayt|keltir|sana)|umumlashtirib ber"
    r"|sanang)",
)
"""An order for a list."""

MANNER = _any(
    r"(?:^|, |\band )how (?:is|are|do|does|can|could|should|will)\b|^in what ways?\b",
    r"(?:^|, |\bi )kak(?:im obrazom)?\b(?! (?:dolgo|mnogo|chasto|davno))|^s pomoshyu chego\b",
    r"\b(?:qanday|qay tarzda|qay yosinda) (?:[\w-]+ ){0,2}[\w-]+(?:adi|ydi|moqda)(?: va .*)?\W*$"
    r"|\bqanday [\w-]+(?:ish|ash) (?:va|kerak|mumkin)|\bnima(?:lar)? qilin(?:adi|moqda|gan)",
)
"""A question for how something is done."""

_WEAK_EN = (
    r"support|help|assistance|aid|indicators|conclusions|findings|lessons|channels|roles?|services|benefits"
    r"|effects|results"
    r"|requirements|rules|conditions|kinds of [\w-]+|types of [\w-]+|forms of [\w-]+|sources|contributions?"
    r"|privileges|relief"
)
_WEAK_RU = (
    r"podderjk|pomosh|pokazatel(?:i|ey|yax)|vivodi|uroki|kanali|kanalov|rol\b|uslugi|vigodi|rezultati|trebovaniya"
    r"|pravila"
    r"|usloviya|vidi\b|formi\b|lgoti|istochniki|vklad\b"
)
_WEAK_UZ = (
    r"yordam|qollab|korsatkichlar|xulosalar|saboqlar|yollar|rol\b|xizmatlar|foyda\b|natijalar|talablar|qoidalar"
    r"|shartlar"
    r"|sharoit|turlar|shakllar|imtiyozlar|manbalar|hissa"
)
WEAK_CATEGORY = _any(
    rf"\b(?:what|which)(?: (?!is\b|did\b|was\b|has\b)[\w-]+){{0,2}}? (?:{_WEAK_EN})\b",
    rf"\bkak(?:iye|ix|imi|im|aya|uyu|ova|oy|ovi)(?: [\w-]+){{0,2}}? (?:{_WEAK_RU})",
    rf"\b(?:qanday|qaysi|qanaqa)(?: [\w-]+){{0,2}}? (?:{_WEAK_UZ})",
)
"""A question for things of a kind that one place often has a set of, too: it must be about many (`GENERAL`)."""

GENERAL = _any(
    r"\b(?:clusters|cluster (?:members|firms|strateg\w+|polic\w+|programmes|councils)|a cluster|regions|districts"
    r"|villages|firms"
    r"|enterprises|companies|producers|farmers|growers|craftspeople|craftsmen|apprentices|suppliers|students"
    r"|artisans|exporters|investors|start-ups"
    r"|startups|universities"
    r"|researchers|workers|employees|women|young people|youth|households|industries|sectors|banks|programmes"
    r"|strategies"
    r"|evaluations|evaluators|exports?|jobs|losses|costs|rural areas|small producers|incomes)\b",
    r"\bklaster(?:i|ov|ax|am|ami)\b|\bklasterniye|\bklasternix|\bklastera\b.*\bstrategi|\bstrategi\w+ klastera\b"
    r"|\b(?:region(?:i|ov|ax|am)|rayon(?:i|ov|ax|am)|predpriyati(?:ya|y|yax|yam|yami)|fermer(?:i|ov|am|ami)"
    r"|remeslennik(?:i|ov|am|ami)|master(?:a|ov|am)|uchenik(?:i|ov|am)|postavshik(?:i|ov|am)|student(?:i|ov|am)"
    r"|eksportyor(?:i|ov|am|ami)|investor(?:i|ov|am|ami)|startap(?:i|ov|am|ami)|vuz(?:i|ov|am|ami)|uchyon(?:iye"
    r"|ix)|kadri|kadrov"
    r"|rabotnik(?:i|ov)|jenshin\w*|molodyoj\w*|uchastnik(?:i|ov|am|ami)|proizvoditel(?:i|ey|yam)|bank(?:i|ov)"
    r"|fond(?:i|ov)|program(?:m|mi)"
    r"|strategii|otrasl(?:i|ey)|otsenshiki|eksport(?:a|e)?|rasxod(?:i|ov)|poter(?:i|yax)|naseleniya|doxod(?:i|ov"
    r"|ax))\b",
    r"\b(?:klaster(?:lar|larning)|hudud(?:lar)|tuman(?:lar)|korxona(?:lar)|fermer(?:lar)|dehqon(?:lar)"
    r"|hunarmand(?:lar)|usta(?:lar)|shogird(?:lar)|taminotchi(?:lar)|talaba(?:lar)|eksportchi(?:lar)"
    r"|investor(?:lar)|startap(?:lar)|universitet(?:lar)|olim(?:lar)|kadr(?:lar)|ishchi(?:lar)|xodim(?:lar)"
    r"|ayol(?:lar)|yosh(?:lar)"
    r"|azo(?:lar)|ishtirokchi(?:lar)|tarmoq(?:lar)|bank(?:lar)|jamgarma(?:lar)|dastur(?:lar)|strategiya(?:lar)"
    r"|xarajat(?:lar)"
    r"|ishlanma(?:lar)|natija(?:lar)|daromad(?:lar)|xonadon(?:lar))\w*"
    r"|\bklaster (?:azolari|ishtirokchilari|strategiyasi|strategiyalari|dasturlari|siyosati)|\bturli tarmoq"
    r"|\beksport(?:ni|ga|dan)?\b",
)
"""What a doubtful question must be about: clusters, firms, people, programmes at large, not one of them."""

POINTED = _any(
    r"\b(?:how (?:many|much|large|big|high|long|far|often|soon|old|well|better)|when|why|whose|whom)\b",
    r"\bshould\b.* differ\b",
    r"\b(?:what|which) (?:share|percentage|proportion|portion|amount|number|sum|rate|size|date|year|body|agency"
    r"|organi[sz]ation)\b",
    r"\b(?:most|least|largest|biggest|highest|lowest|chief|main reason|maximum|minimum|worst|best)\b",
    r"\bwho (?:is|was|has|will|must|pays|decides|appoints|approves|answers)\b|\bwould\b",
    r"\b(?:skolko|naskolko|kogda|pochemu|zachem|otchego|chey|chyo|chya|chyim|komu|kogo|iz-za chego|na kogo)\b",
    r"\b(?:kakaya|kakuyu|kakoy|kakova) (?:dolya|dolyu|chast|summa|summu|srok|organ|organizatsi\w+|vedomstvo|god)\b",
    r"\b(?:samiy|samaya|samoye|samiye|samom|naibol\w+|silneye vsego|bolshe vsego|chashe vsego|glavn\w+"
    r"|maksimaln\w+|minimaln\w+)\b",
    r"\b(?:qancha\w*|necha|nechta|nechi|qachon|nega|nimaga|nima uchun|nima sababdan|kimga|kimning|kimdan|foizi)\b",
    r"\bqaysi (?:yil|sana|oy|muddat|organ|tashkilot|idora|davlat|mamlakat)",
    r"\b(?:eng (?:kop|kam|katta|kichik|asosiy|yuqori|past|yomon|yaxshi|ogir|kuchli)|kopi bilan|kamida)\b",
)
"""What asks for one thing: an amount, a date, a person, a reason, the greatest of all."""

NUMBER_WORD = _any(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|twelve)\b",
    r"\b(?:dva|dve|dvux|tri|tryox|trex|chetire|pyat|shest|sem|vosem|vosmi|devyat|desyat)\b",
    r"\b(?:ikki|ikkita|uchta|tort|tortta|besh|beshta|olti|oltita|yetti|yettita|sakkiz|sakkizta|toqqiz|on ta|onta)\b",
)
"""A counted set stands in one place."""

COMPARE = _any(
    r"^(?:please )?(?:compare|contrast)\b|\b(?:comparison|comparing) (?:of|between)\b.* (?:and|with|to)\b"
    r"|\bcompared (?:with|to)\b.*\?",
    r"^(?:pojaluysta,? )?(?:sravni|sopostav)\w*\b|^sravneniye\b",
    r"\b(?:solishtir(?:ing|ib|ish|ingiz)?|taqqosla(?:ng|b|ngiz)|qiyosla(?:ng|b|ngiz)|qiyosiy (?:tahlil|taqqos))\b",
)
"""An order to compare."""

DIFFERENCE = _any(
    r"\b(?:what|which)(?: [\w-]+){0,3} differences?\b.*\b(?:between|and|from)\b|^differences? (?:between|of)\b",
    r"\b(?:v chyom|v chem|kakaya|kakova|kakiye|kakoy)(?: [\w-]+){0,3} (?:raznitsa|otlichiy?e|otlichiya"
    r"|razlichiy?e|razlichiya|razniza)\b",
    r"^(?:raznitsa|razlichiya|otlichiya) (?:mejdu|v)\b",
    r"\b(?:farqi|farqlari|tafovuti|farq) (?:nima|nimada|qanday|nimalarda|nimadan|bormi)\b|\b(?:ortasidagi"
    r"|orasidagi) (?:farq|tafovut)",
)
"""A question for the difference itself."""

DIFFER = _any(
    r"\b(?:differs?|differed|similar|unlike|in common|as opposed to|whereas|compared? (?:with|to))\b|\bboth\b"
    r"|\beach of\b",
    r"\b(?:otlicha(?:yet|yut|l)\w*|razlicha\w+|obshego|obshiye cherti|po sravneniyu|v otlichiye|sxodn\w*|sravn\w+)\b",
    r"\b(?:farqlan\w+|farq qil\w+|farqi|oxsha\w+|umumiy jihat\w*|taqqos\w+|solishtir\w+|qiyos\w+|nisbatan)\b",
)
"""What makes a question with two names hold them against each other."""

DIFFER_PLAINLY = _any(
    r"^how (?:do|does|is|are) (?!.*\b(?:should|must)\b).*(?:\band\b.* differ\b|\bdiffers? between\b.* and\b)",
    r"\bchem (?:[\w-]+ ){0,3}?otlicha(?:yetsya|yutsya)\b.* (?:i|ot) ",
    r"(?:^|[,:] ?)(?:[\w-]+ ){1,4}(?:va|bilan) .*(?:\bfarqlanadi|\bfarq qiladi)\W*$",
)
"""A question for how two things that have no name differ."""

VERSUS = _any(r"\b(?:versus|vs\.?) ")

COORDINATED = re.compile(
    r"\W*(?:[\w‘’'ʻʼ-]+\W+){0,2}?(?:and|or|va|hamda|yoki|bilan|и|или|ва|ҳамда|ёки|билан)\W+(?:[\w-]+\W+){0,2}|,\s*",
    re.IGNORECASE,
)
"""What stands between two names that are asked about side by side."""

TOPIC_BARRED = _any(
    r"\b(?:what|which|how|when|where|who|why)\b|\b(?:kak|chto|kto|gde|kogda|pochemu|kakoy|kakaya|kakiye)\b"
    r"|\b(?:qanday|qaysi|nima|nega|kim|qayer\w*)\b"
)

PLACES = _any(
    r"toshkent|samarqand|buxoro|fargona|andijon|namangan|xorazm|surxondaryo|qashqadaryo|navoiy|jizzax|sirdaryo"
    r"|qoraqalpog|termiz|nukus|urganch",
    r"tashkent|samarkand|buxar|fergan|andijan|xorezm|surxandar|kashkadar|navoi\b|djizak|sirdar|karakalpak",
    r"bukhara|fergana|andijan|khorezm|surkhandarya|kashkadarya|jizzakh|syrdarya|karakalpak",
)
"""The regions of Uzbekistan, which a dictionary knows."""
