"""What kind of answer a question asks for: one place, a list, or two sides; in all languages and spellings."""

import pytest

from kb.retrieval.breadth import breadth_of, names_in
from kb.text.language import identify
from kb.text.spellings import to_cyrillic, to_latin_2026

LISTS = (
    "Which measures raise the export potential?",
    "What are the main obstacles for small firms that want to join a cluster?",
    "What do the documents say about vocational training?",
    "How do clusters save energy?",
    "List the sources of financing for start-ups.",
    "In which documents is child labour mentioned?",
    "What helps young craftsmen to stay in their villages?",
    "What risks threaten exporters?",
    "financial stability of clusters",
    "Give an overview of the tax incentives for investors.",
    "Qaysi choralar eksport salohiyatini oshiradi?",
    "Klasterlarda ekologik muammolar qanday hal qilinadi?",
    "Hujjatlarda malaka oshirish haqida nima deyilgan?",
    "Innovatsiyalarni joriy etishga nimalar to‘sqinlik qilmoqda?",
    "Yoshlarni ish bilan ta’minlash uchun qanday choralar ko‘rilmoqda?",
    "Investorlarga beriladigan imtiyozlarni sanab bering.",
    "Moliyaviy barqarorlik",
    "Какие меры повышают экспортный потенциал?",
    "Что мешает предприятиям внедрять новые технологии?",
    "Какие риски и угрозы названы для инвесторов?",
    "Перечислите льготы для участников кластеров.",
    "В каких документах говорится об очистных сооружениях?",
    "Как кластеры экономят воду?",
    "Что предусмотрено для подготовки кадров?",
    "How is the financial stability of clusters secured?",
    "How are the results of cluster programmes measured and made public?",
    "How do universities and enterprises share the results of research?",
    "What support do start-ups and young firms get?",
    "How are conflicts of interest avoided in cluster councils?",
    "How do the documents describe the role of small producers?",
    "Through which channels do craftspeople sell their goods?",
    "How are workers trained and what do employers pay for it?",
    "What incentives are offered to investors?",
    "What is done to reduce losses after harvest?",
    "How are exporters supported?",
    "What indicators are used to judge cluster programmes?",
    "How do firms from different industries work together?",
    "Which kinds of pollution do clusters cause and how are they reduced?",
    "What conclusions do evaluations draw about the effect on incomes?",
    "How are new jobs created in rural areas?",
    "What role do banks and guarantee funds play?",
    "Как обеспечивается финансовая устойчивость кластеров?",
    "Как измеряются и публикуются результаты кластерных программ?",
    "Как наука передаёт свои разработки предприятиям?",
    "Какую поддержку получают стартапы?",
    "Какие показатели используются для оценки программ?",
    "Как готовят кадры для кластеров и кто за это платит?",
    "Каким образом снижаются потери урожая?",
    "Какая помощь оказывается экспортёрам?",
    "Какие льготы предоставляются инвесторам?",
    "Как сотрудничают предприятия разных отраслей?",
    "Что делается для занятости женщин и молодёжи?",
    "Какова роль банков и гарантийных фондов?",
    "Какие выводы делают оценщики о доходах населения?",
    "Через какие каналы продаётся продукция ремесленников?",
    "Как распределяются расходы между участниками?",
    "Klasterlarning moliyaviy barqarorligi qanday ta’minlanadi?",
    "Klaster dasturlarining natijalari qanday o‘lchanadi va e’lon qilinadi?",
    "Ilmiy ishlanmalar ishlab chiqarishga qanday joriy etiladi?",
    "Startaplarga qanday yordam beriladi?",
    "Dasturlarni baholashda qanday ko‘rsatkichlar qo‘llanadi?",
    "Klasterlar uchun kadrlar qanday tayyorlanadi va buning xarajatini kim to‘laydi?",
    "Hosil nobudgarchiligini kamaytirish uchun nimalar qilinmoqda?",
    "Eksportchilar qanday qo‘llab-quvvatlanadi?",
    "Investorlarga qanday imtiyozlar beriladi?",
    "Turli tarmoq korxonalari qanday hamkorlik qiladi?",
    "Ayollar va yoshlar bandligi uchun nima qilinmoqda?",
    "Banklar va kafolat jamg‘armalari qanday rol o‘ynaydi?",
    "Hunarmandlar mahsuloti qaysi yo‘llar bilan sotiladi?",
    "Xarajatlar a’zolar o‘rtasida qanday taqsimlanadi?",
)
COMPARISONS = (
    "What is the difference between the Kumushsoy regulation and the Zarbulak strategy?",
    "Compare the export targets of Tolzor and Sarvisoy.",
    "How do Chimyonlik and Zarbulak differ in the way they store fruit?",
    "Tolzor versus Qumtepa: who trains more people?",
    "Zarbuloq va Sarvisoy klasterlarining moliyaviy holati qanday farq qiladi?",
    "Chinorli bilan Toshko‘prik dasturlarini solishtiring",
    "Ikki viloyatning – Tolzor va Ko‘kdaryoning – imtiyozlari farqi nimada?",
    "Qumtepa va Oltinqir klasterlaridagi nazoratni taqqoslang.",
    "Чем отличаются меры поддержки в Кумушсае и Зарбулаке?",
    "Сравните финансирование кластеров Толзора и Сарвисая.",
    "В чём разница между экспортным консорциумом и торговым домом?",
    "Чем Чинорлинская программа отличается от Ташкуприкской?",
    "How do the strategies of Tolzor and Sarvisoy treat water?",
    "What do Kumushsoy and Zarbulak each pay for certificates?",
    "Where are growers paid sooner, in Kukdaryo or in Sarvisoy?",
    "Which has the larger share of women, Qumtepa or Tolzor?",
    "How does the Zarbulak guarantee company compare with the Sarvisoy fund?",
    "What do the Chinorli and Tashkuprik programmes have in common?",
    "Как в Толзоре и в Сарвисае решается вопрос воды?",
    "Где быстрее платят фермерам: в Кукдарье или в Сарвисае?",
    "Сопоставьте меры Кумушсая с мерами Зарбулака.",
    "Что общего у программ Чинорли и Ташкуприка?",
    "Какие условия для инвесторов в Толзоре и в Кукдарье?",
    "Tolzor va Sarvisoyda suv masalasi qanday hal qilingan?",
    "Dehqonlarga qayerda tezroq to‘lanadi: Ko‘kdaryodami yoki Sarvisoydami?",
    "Kumushsoy choralarini Zarbuloq choralari bilan taqqoslang.",
    "Chinorli va Toshko‘prik dasturlarining umumiy jihatlari nima?",
    "How do textile clusters and IT clusters differ in training?",
    "How does leasing differ between large and small firms and banks?",
    "Чем отличаются текстильные и кожевенные кластеры?",
    "Чем лизинг отличается от кредита?",
    "Ipakchilik va paxtachilik klasterlari qanday farq qiladi?",
)
SINGLES = (
    "How many jobs were created in Tolzor in 2024?",
    "Who appoints the head of the guarantee fund?",
    "When does the grant programme end?",
    "Why was the laboratory closed?",
    "What share of the budget goes to training?",
    "Which ministry approves the list of goods?",
    "What is an anchor enterprise?",
    "How long may a tenant keep an empty plot?",
    "Which measures did Sarvisoy take against late payment?",
    "What must a potter prove to get a loan?",
    "What happens to a supplier that delivers damaged fruit?",
    "Klaster nima?",
    "Qumtepada qancha sigir bor?",
    "Kengash raisini kim tayinlaydi?",
    "Zarbuloqda eksportni oshirish uchun qanday choralar ko‘rilgan?",
    "Jamg‘arma qachon tashkil etilgan?",
    "Nega laboratoriya bo‘sh turibdi?",
    "Qarz uchun eng yuqori foiz qancha?",
    "Сколько рабочих мест создано за год?",
    "Кто утверждает бюджет дирекции?",
    "Почему сорвался контракт с покупателем?",
    "Какой срок окупаемости у завода?",
    "Какие меры принял Сарвисай против задержки платежей?",
    "Что такое якорное предприятие?",
    "How does the investor ombudsman settle a dispute?",
    "How is the head of the council elected?",
    "What does a firm have to file to get the refund?",
    "Which laboratory tests the milk?",
    "What is the fee for using the shared workshop?",
    "How is the milk price calculated?",
    "What happened to the cooperative after the flood?",
    "In which month does the season start?",
    "Who checks the accounts of the fund?",
    "What does the term anchor enterprise mean?",
    "Как избирается председатель совета?",
    "Какой документ нужен для возврата затрат?",
    "Как рассчитывается цена молока?",
    "Кто проверяет счета фонда?",
    "Что будет, если арендатор не начнёт строительство?",
    "Какая лаборатория проверяет молоко?",
    "За что исключают из кластера?",
    "Kengash raisi qanday saylanadi?",
    "Sut narxi qanday hisoblanadi?",
    "Jamg‘arma hisobini kim tekshiradi?",
    "Ijarachi qurilishni boshlamasa nima bo‘ladi?",
    "Xarajatni qaytarish uchun qanday hujjat kerak?",
    "Qaysi laboratoriya sutni tekshiradi?",
    "A’zo klasterdan qachon chiqariladi?",
    "How should new and old clusters differ?",
)


def spelt(text):
    """A question in all spellings that its language has."""
    if identify(text).language != "uz":
        return [text]
    return [
        text,
        text.replace("‘", "'"),
        text.replace("‘", "").replace("’", ""),
        to_cyrillic(text),
        to_latin_2026(text),
    ]


def read(text, language):
    return breadth_of(text, language)


@pytest.mark.parametrize(
    ("wanted", "text"),
    [
        *(("list", text) for text in LISTS),
        *(("comparison", text) for text in COMPARISONS),
        *(("single", text) for text in SINGLES),
    ],
)
def test_a_question_is_as_broad_in_every_spelling(wanted, text):
    language = identify(text).language
    assert {one: read(one, language) for one in spelt(text)} == dict.fromkeys(spelt(text), wanted)


def test_names_are_found_wherever_they_stand_and_common_words_are_none():
    text = "Zarbuloqda va Kumushsoyda IT-klasterlar qanday ishlaydi?"
    assert [text[start:end] for start, end in names_in(text, "uz")] == ["Zarbuloqda", "Kumushsoyda"]
    assert names_in("Которые из кластеров растут?", "ru") == ()
