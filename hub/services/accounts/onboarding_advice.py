"""What a business is asked about before customers come: weights, and what is said of each, in Russian and English."""

from dataclasses import dataclass

from hub.models.accounts.onboarding import OnboardingStep
from hub.services.accounts.onboarding_texts import Words


_NOTHING = Words("", "")


@dataclass(frozen=True)
class Rule:
    """A check: what it counts, the step where it is put right, what is said when it holds, half holds and does not,
    and what to do then. The weights of all are 100; without an agent, a channel or articles no business comes to 70."""

    weight: int
    step: OnboardingStep
    good: Words
    missing: Words
    advice: Words
    half: Words = _NOTHING
    half_advice: Words = _NOTHING       # where what is missing to the whole is something else


@dataclass(frozen=True)
class Check:
    """`status`: PASS | WARN | FAIL; only PASS counts. `step` is where it is put right."""

    code: str
    status: str
    message: str
    weight: int
    step: str
    advice: str = ""


@dataclass(frozen=True)
class Readiness:
    """`score` is the weight of what passes."""

    checks: list[Check]
    recommendations: list[str]

    @property
    def score(self) -> int:
        return sum(check.weight for check in self.checks if check.status == "PASS")

    @property
    def ready(self) -> bool:
        return self.score >= THRESHOLD

    def check(self, code: str) -> Check:
        return next(check for check in self.checks if check.code == code)


# Weights of what passes that make a business ready.
THRESHOLD = 70
RULES = {
    "BUSINESS_PROFILE": Rule(
        5, OnboardingStep.BUSINESS, Words("О компании рассказано.", "The business is described."),
        Words("О компании ещё ничего не сказано.", "Nothing is said about the business yet."),
        Words("Расскажите о компании: чем вы занимаетесь и как с вами связаться.",
              "Tell about your business: what you do and how to reach you.")),
    "HOURS_SET": Rule(
        5, OnboardingStep.BUSINESS, Words("Часы работы указаны.", "The opening hours are set."),
        Words("Часы работы не указаны.", "The opening hours are not set."),
        Words("Укажите, когда отвечают люди.", "Set the hours in which people answer.")),
    "CHANNEL_CONNECTED": Rule(
        20, OnboardingStep.CHANNELS, Words("Каналов подключено: {count}.", "Channels connected: {count}."),
        Words("Клиентам пока некуда написать.", "Customers have nowhere to write yet."),
        Words("Подключите чат сайта или мессенджер.", "Connect the chat of your site, or a messenger.")),
    "PRODUCTS_PRESENT": Rule(
        20, OnboardingStep.PRODUCTS, Words("ИИ знает, что вы предлагаете.", "The AI knows what you offer."),
        Words("ИИ не знает, что вы предлагаете и сколько это стоит.",
              "The AI does not know what you offer and what it costs."),
        Words("Опишите товары или услуги с ценами и сохраните статью.",
              "Describe your products or services with prices, and keep the article."),
        Words("Товары описаны, но статьи о них ещё нет.", "Your offer is described, but no article says it yet.")),
    "POLICIES_DESCRIBED": Rule(
        5, OnboardingStep.POLICIES, Words("Условия описаны.", "Your terms are described."),
        Words("Про доставку, оплату и возврат ничего не сказано.",
              "Nothing is said about delivery, payment and returns."),
        Words("Напишите, как у вас с доставкой, оплатой и возвратом.",
              "Write how delivery, payment and returns work.")),
    "KNOWLEDGE_INDEXED": Rule(
        10, OnboardingStep.KB, Words("Статей, которые находит ИИ: {count}.", "Articles that the AI finds: {count}."),
        Words("ИИ не находит ни одной статьи.", "The AI finds no article."),
        Words("Добавьте статьи: из ответов их сделает следующий шаг.",
              "Add articles: the step of articles makes them of your answers."),
        Words("Статей мало, или не все готовы: {count} из {total}.",
              "There are few articles, or not all are ready: {count} of {total}.")),
    "AGENT_ON": Rule(
        15, OnboardingStep.CHANNELS, Words("Помощник включён.", "The assistant is on."),
        Words("Помощник выключен: отвечают только люди.", "The assistant is off: only people answer."),
        Words("Включите помощника.", "Switch the assistant on."),
        Words("Помощник включён, но отвечать ему негде.", "The assistant is on, but has nowhere to answer."),
        Words("Подключите чат сайта или мессенджер.", "Connect the chat of your site, or a messenger.")),
    "SMOKE_TEST": Rule(
        20, OnboardingStep.REVIEW, Words("Проверка: {count} ответов из {total}.", "Test: {count} of {total} answered."),
        Words("Проверочные вопросы ещё не заданы.", "No test questions were asked yet."),
        Words("Запустите проверку на вопросах клиентов.", "Run the test with questions of customers."),
        Words("Проверка: {count} ответов из {total}, этого мало, или статьи с тех пор изменились.",
              "Test: {count} of {total} answered, which is too few, or articles changed since.")),
}
# What to do about a question of the test that was not answered as it should.
UNANSWERED = Words("Допишите статью «{article}»: на вопрос «{question}» в ней нет ясного ответа.",
                   "Say more in “{article}”: it does not clearly answer “{question}”.")
OTHER_ARTICLE = Words("На вопрос «{question}» ответила не статья «{article}», а другая: возможно, они об одном.",
                      "“{question}” was answered from another article than “{article}”: they may be about the same.")
