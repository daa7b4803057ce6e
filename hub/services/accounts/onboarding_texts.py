"""The articles that a business's own answers make, in Russian and English: data. What was not answered is not said."""

from dataclasses import dataclass

from hub.models.accounts.onboarding import OnboardingStep
from hub.models.knowledge.knowledge_doc import Category


@dataclass(frozen=True)
class Words:
    """The same in both languages."""

    ru: str
    en: str

    def of(self, language: str) -> str:
        return self.ru if language == "ru" else self.en


@dataclass(frozen=True)
class Part:
    """A section of an article: made from the first of these answers that there is, and what customers ask about it."""

    keys: tuple[str, ...]
    heading: Words
    question: Words
    text: Words = Words("{value}", "{value}")


@dataclass(frozen=True)
class Article:
    """`kind` is what a draft calls its docType; `tags` are words that customers may use instead of the title's."""

    kind: str
    step: OnboardingStep
    category: Category
    title: Words
    tags: Words
    parts: tuple[Part, ...] = ()


ARTICLES = (
    Article("about", OnboardingStep.BUSINESS, Category.GENERAL, Words("О компании {name}", "About {name}"),
            Words("о нас, компания, чем занимаетесь, кто вы", "about us, company, who you are, what you do"), (
        Part(("about", "description", "activity", "business_type", "industry"),
             Words("Чем мы занимаемся", "What we do"),
             Words("Чем занимается ваша компания?", "What does your company do?")),
    )),
    Article("hours", OnboardingStep.BUSINESS, Category.GENERAL,
            Words("Часы работы и контакты", "Opening hours and contacts"),
            Words("режим работы, график, работаете, открываетесь, закрываетесь, адрес, находитесь, телефон, позвонить",
                  "open, close, schedule, address, located, phone, call"), (
        Part(("hours", "working_hours"), Words("Часы работы", "Opening hours"),
             Words("В какие часы вы работаете?", "What are your opening hours?"),
             Words("Мы работаем: {value}", "We are open: {value}")),
        Part(("address", "addresses", "location"), Words("Адрес", "Address"),
             Words("Какой у вас адрес?", "What is your address?"),
             Words("Наш адрес: {value}", "Our address: {value}")),
        Part(("phone", "phones"), Words("Телефон", "Phone"),
             Words("Какой у вас телефон?", "What is your phone number?"),
             Words("Наш телефон: {value}", "Our phone number: {value}")),
        Part(("email", "contact_email"), Words("Электронная почта", "E-mail"),
             Words("Какой у вас адрес электронной почты?", "What is your e-mail address?"),
             Words("Наша электронная почта: {value}", "Our e-mail address: {value}")),
        Part(("website", "site"), Words("Сайт", "Website"),
             Words("Какой у вас сайт?", "What is your website?"),
             Words("Наш сайт: {value}", "Our website: {value}")),
    )),
    Article("products", OnboardingStep.PRODUCTS, Category.GENERAL,
            Words("Что мы предлагаем", "What we offer"),
            Words("товары, услуги, ассортимент, цены, прайс, заказать, купить",
                  "products, services, range, prices, place an order, buy"), (
        Part(("offer", "products", "services", "assortment", "items"),
             Words("Товары и услуги", "Products and services"),
             Words("Что вы предлагаете?", "What do you offer?")),
        Part(("prices", "price_list", "pricing"), Words("Цены", "Prices"),
             Words("Какие у вас цены?", "What are your prices?")),
        Part(("ordering", "how_to_order", "order"), Words("Как сделать заказ", "How to order"),
             Words("Как сделать заказ?", "How do I place an order?")),
    )),
    Article("delivery", OnboardingStep.POLICIES, Category.SHIPPING, Words("Доставка", "Delivery"),
            Words("доставить, привезти, курьер, самовывоз, сколько стоит доставка, стоимость, сроки",
                  "deliver, shipping, courier, pickup, how much does it cost, how long"), (
        Part(("delivery", "delivery_options", "shipping"), Words("Как мы доставляем", "How we deliver"),
             Words("Есть ли у вас доставка?", "Do you deliver?")),
        Part(("delivery_area", "delivery_zone", "delivery_regions"), Words("Куда мы доставляем", "Where we deliver"),
             Words("Куда вы доставляете?", "Where do you deliver?")),
        Part(("delivery_cost", "delivery_price", "shipping_cost"), Words("Стоимость доставки", "Cost of delivery"),
             Words("Сколько стоит доставка?", "How much does delivery cost?"),
             Words("Стоимость доставки: {value}", "Delivery costs: {value}")),
        Part(("delivery_time", "delivery_days", "shipping_time"), Words("Сроки доставки", "Delivery time"),
             Words("Сколько времени занимает доставка?", "How long does delivery take?"),
             Words("Срок доставки: {value}", "Delivery takes: {value}")),
        Part(("pickup", "self_pickup"), Words("Самовывоз", "Pickup"),
             Words("Можно ли забрать заказ самовывозом?", "Can I pick up my order myself?"),
             Words("Самовывоз: {value}", "Pickup: {value}")),
    )),
    Article("payment", OnboardingStep.POLICIES, Category.POLICY, Words("Оплата", "Payment"),
            Words("оплатить, карта, наличные, скидка", "pay, card, cash, discount"), (
        Part(("payment", "payment_methods", "payment_options"), Words("Как можно оплатить", "How you can pay"),
             Words("Как можно оплатить?", "How can I pay?")),
        Part(("prepayment",), Words("Предоплата", "Prepayment"),
             Words("Нужна ли предоплата?", "Is a prepayment needed?"),
             Words("Предоплата: {value}", "Prepayment: {value}")),
        Part(("discounts", "discount_policy", "loyalty"), Words("Скидки", "Discounts"),
             Words("Есть ли у вас скидки?", "Do you have discounts?")),
    )),
    Article("returns", OnboardingStep.POLICIES, Category.RETURNS, Words("Обмен и возврат", "Returns and exchanges"),
            Words("вернуть, обменять, деньги назад", "return, exchange, refund, money back"), (
        Part(("returns", "return_policy", "refund_policy", "refunds"),
             Words("Как вернуть или обменять", "How to return or exchange"),
             Words("Как вернуть или обменять покупку?", "How do I return or exchange something?")),
        Part(("return_days", "return_period"), Words("Срок возврата", "Time for a return"),
             Words("Какой срок возврата?", "How long do I have to return something?"),
             Words("Срок возврата, дней: {value}", "Days to return it: {value}")),
        Part(("refund_time", "refund_days"), Words("Возврат денег", "Refunds"),
             Words("Когда вернутся деньги?", "When do I get my money back?"),
             Words("Срок возврата денег: {value}", "A refund takes: {value}")),
    )),
    Article("warranty", OnboardingStep.POLICIES, Category.POLICY, Words("Гарантия", "Warranty"),
            Words("гарантийный срок, сломалось, ремонт, брак", "guarantee, broken, repair, faulty"), (
        Part(("warranty", "guarantee", "warranty_terms"), Words("Условия гарантии", "Terms of the warranty"),
             Words("Какая у вас гарантия?", "What warranty do you give?")),
        Part(("warranty_period", "warranty_months"), Words("Срок гарантии", "Length of the warranty"),
             Words("Какой срок гарантии?", "How long is the warranty?"),
             Words("Срок гарантии: {value}", "The warranty lasts: {value}")),
    )),
    Article("conditions", OnboardingStep.POLICIES, Category.POLICY, Words("Другие условия", "Other terms"),
            Words("правила, условия", "rules, terms")),
    Article("faq", OnboardingStep.KB, Category.FAQ, Words("Частые вопросы", "Frequent questions"),
            Words("вопросы и ответы", "questions and answers")),
)
BY_KIND = {article.kind: article for article in ARTICLES}
# Kinds that programs may name instead: the categories of articles.
_CATEGORIES = {str(category): category for category in Category}
YES_NO = {True: Words("да", "yes"), False: Words("нет", "no")}
# (days, from, to): how hours are said.
HOURS = Words("с {start} до {end}", "from {start} to {end}")
ROUND_THE_CLOCK = Words("круглосуточно", "round the clock")


def category(kind: str) -> Category:
    article = BY_KIND.get(kind)
    return article.category if article else _CATEGORIES.get(kind, Category.GENERAL)


def tags(kind: str, language: str) -> list[str]:
    article = BY_KIND.get(kind)
    return article.tags.of(language).split(", ") if article else []
