"""What customers say around their questions: tables of phrases, a space standing for any white space."""

import re
from collections.abc import Iterable

# Whom one may ask for. "человек" alone is also how many people a tent holds, so it needs more around it.
_STAFF = (r"(?:(?:оператор|менеджер|консультант|сотрудник|специалист|администратор|представител|саппорт)\w*"
          r"|(?:тех\w*)?поддержк(?:у|ой|и)"
          r"|(?:жив|реальн|настоящ)\w+ (?:человек|люд|оператор|менеджер|сотрудник|собеседник|консультант)\w*)")
_EN_STAFF = (r"(?:human(?: being)?|(?:real|live|actual) (?:person|human|agent|operator|people)|person|people|agent"
             r"|operator|representative|rep|manager|supervisor|consultant|specialist|somebody|someone|staff"
             r"|support(?: team)?)\b(?![-’'])")
_EN_LINKS = r"(?: (?:a|an|the|to|with|your|some|any|other|customer|sales))*"
_TALK = r"(?:(?:по|пере)?говорить|(?:по)?общаться|связаться)"
_SMALL_WORDS = r"(?: (?:мне|меня|нас|мной|бы|с|со|на|к|пожалуйста|вашим|вашего|ваш|кого-нибудь|любым))*"

WANTS_PERSON = (
    rf"(?:(?:по)?зов(?:и|ите|ете)|соедин\w+|переключ\w+|переведи(?:те)?|подключ(?:и|ите)|свяжи(?:те)?|дай(?:те)?"
    rf"|пригласи(?:те)?|нужен|нужна|требую|хочу|можно|хотел(?:а|ось)?){_SMALL_WORDS}(?: {_TALK})?{_SMALL_WORDS}"
    rf" {_STAFF}",
    rf"{_TALK}{_SMALL_WORDS} (?:с|со) (?:вашим )?(?:{_STAFF}|человеком|кем-(?:то|нибудь))",
    r"(?:позови(?:те)?|дай(?:те)?|нужен|можно|соедините с|переключите на)(?: мне)? человек(?:а|ом)?(?= ?(?:$|[.!?,]))",
    r"(?:с|со) (?:жив|реальн|настоящ)\w+ (?:человеком|людьми)",
    r"не (?:хочу )?(?:говорить |общаться )?(?:с )?(?:бот|робот)(?:ом|а)",
    r"(?:жив|реальн|настоящ)\w+ (?:человек|люди)(?: (?:есть|тут|здесь))?(?= ?(?:$|[.!?,]))",
    r"перезвоните", r"(?:позвоните|наберите) (?:мне|нам|пожалуйста)",
    rf"(?:talk|speak|chat) (?:to|with){_EN_LINKS} {_EN_STAFF}",
    rf"(?:connect|transfer|forward|pass|put) (?:me|us)(?: (?:on|over|through))?{_EN_LINKS} {_EN_STAFF}",
    rf"(?:(?:i|we) (?:want|need|would like|d like)|(?:i|we)['’]d like|get me|give me){_EN_LINKS} {_EN_STAFF}",
    r"(?:real|live|actual) (?:person|human|agent|operator|people)", r"human (?:agent|being|operator|please|support)",
    r"(?:please|can (?:you|someone)|could (?:you|someone)) (?:call|phone|ring) me", r"call me (?:back|please|asap)",
    r"give me a (?:call|ring)",
)
ONLY_STAFF = (rf"(?:{_STAFF}|человек|человека|{_EN_STAFF})(?:\W+(?:пожалуйста|please|срочно|now|нужен))?",)
# It looks like the wish and is not: to work there, or to get into one's account.
NOT_PERSON = (r"ваканси\w+", r"зарплат\w+", r"на работу", r"jobs?", r"vacanc\w+", r"salary", r"hiring",
              r"личн\w+ кабинет\w*")

GREETING = (
    r"здравствуй(?:те)?", r"здрась?те", r"привет(?:ик|ствую|ики)?", r"салют", r"хай", r"доброго",
    r"добр(?:ый|ого|ое|ой) (?:день|дня|вечер|вечера|утро|утра|ночи|времени суток)", r"как (?:дела|вы|ты|поживаете)",
    r"есть кто", r"вы (?:тут|здесь|на связи)", r"hi", r"hello", r"hey", r"hiya", r"howdy", r"greetings",
    r"good (?:morning|afternoon|evening|day)", r"how are you(?: doing)?", r"what['’]?s up",
    r"any(?:one|body) (?:there|here)", r"are you there", r"start",
)
THANKS = (
    r"(?:большое |огромное )?(?:спасибо|спс|пасиб[ао]?)(?: (?:большое|огромное|вам|тебе"
    r"|за (?:помощь|ответ|информацию|вс[её])))*",
    r"благодарю(?: вас)?", r"(?:очень )?(?:помогли|выручили)", r"понятно", r"понял[аи]?", r"ясно", r"ок", r"окей",
    r"отлично", r"супер", r"класс", r"здорово", r"круто", r"ok", r"okay", r"got it", r"understood", r"i see", r"great",
    r"perfect", r"cool", r"awesome", r"nice", r"much appreciated", r"that helps",
    r"(?:many |much )?(?:thanks|thank you|thx|ty|cheers)(?: (?:a lot|so much|very much|you|again|"
    r"for (?:(?:the|your) )?(?:help|info|information|answer|everything)))*",
)
BYE = (
    r"до (?:свидания|встречи|связи)", r"всего (?:доброго|хорошего|наилучшего)", r"пока(?:-пока)?",
    r"хорошего (?:дня|вечера)", r"удачи", r"прощайте", r"(?:good ?)?bye(?: ?bye)?", r"take care",
    r"see (?:you|ya)(?: (?:later|soon))?", r"have a (?:nice|good|great) (?:day|one|evening|weekend)",
)
FILLERS = (r"очень", r"вам", r"всем", r"снова", r"и", r"а", r"ну", r"да", r"уважаемые", r"девушка", r"ребята", r"there",
           r"again", r"dear", r"team", r"all", r"everyone", r"and", r"so", r"very", r"much")

# In this order: what a person must see first wins, and "how much is delivery" is about delivery.
INTENTS = {
    "complaint": (
        r"жалоб\w*", r"(?:по)?жаловаться", r"пожалуюсь", r"претензи\w+", r"нахам\w+", r"хам(?:ят|ство|ства|ите)",
        r"обману\w+", r"мошенн\w+", r"безобрази\w+", r"возмути\w+", r"отвратительн\w+", r"недовол\w+",
        r"роспотребнадзор\w*", r"ужасн\w+ (?:сервис|обслуж|качеств)\w*", r"complain\w*", r"scam\w*", r"rude",
        r"terrible", r"awful", r"horrible", r"disgust\w+", r"unacceptable", r"not happy", r"disappointed"),
    "warranty_question": (
        r"гаранти\w*", r"брак", r"бракован\w+", r"дефект\w*", r"слома(?:л|н|в)\w*", r"разош[её]лся шов",
        r"не включается", r"warrant\w*", r"guarantee\w*", r"defect\w*", r"faulty", r"broken?",
        r"stopped working"),
    "return": (
        r"возврат\w*", r"верн(?:ите|уть|у|ём|ем)", r"возвращ(?:аю|ать|аете)", r"обменя(?:ть|ю|ете)", r"обмен",
        r"поменять", r"refund\w*", r"return(?:s|ing|ed)?", r"money back", r"exchang\w+", r"send (?:\w+ )?back"),
    "discount": (
        r"скидк\w*", r"скинете", r"промо-?код\w*", r"купон\w*", r"распродаж\w*", r"дешевле", r"акци[яиюй]",
        r"discount\w*", r"promo\w*", r"coupon\w*", r"voucher\w*", r"cheaper", r"on sale"),
    "shipping": (
        r"достав(?:к|ить|ите|ля|ят|им)\w*", r"отправ(?:ите|к|ляете|или|ить)\w*", r"курьер\w*", r"самовывоз\w*",
        r"пункт\w* выдачи", r"пвз", r"посылк\w*", r"трек(?:-номер)?", r"где (?:мой )?заказ", r"привез[её]те",
        r"ship(?:s|ped|ping)?", r"deliver\w*", r"courier", r"parcel\w*", r"tracking", r"pick(?: |-)?up",
        r"where(?:['’]?s| is) my order"),
    "availability": (
        r"налич(?:ии|ия|ие)", r"есть ли", r"остал(?:ось|ись|ся)", r"появ(?:ится|ятся)", r"предзаказ\w*",
        r"закончил(?:ся|ась|ись)", r"(?:in|out of) stock", r"availab\w+", r"pre-?order\w*", r"restock\w*",
        r"do you (?:have|sell|carry)"),
    "price": (
        r"цен(?:а|ы|у|е|ой)", r"стоимост\w+", r"сколько (?:\w+ ){0,3}сто[ия]т", r"сколько будет стоить", r"поч[её]м",
        r"прайс\w*", r"расценк\w+", r"тариф\w*", r"how much", r"prices?", r"costs?", r"pricing"),
}


def pattern(phrases: Iterable[str]) -> re.Pattern[str]:
    """One pattern that finds any of the phrases as whole words, whatever their case; ` ?` may also be nothing."""
    return re.compile(rf"\b(?:{'|'.join(phrases)})\b".replace(" ", r"\s+").replace(r"\s+?", r"\s*"), re.I)
