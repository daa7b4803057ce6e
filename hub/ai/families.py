"""Words whose forms a stemmer cannot bring together, a family a line; its first word stands for all of them.

Irregular verbs, verbs beside their nouns, and the few pairs that customers of any shop use for one thing.
"""

FAMILIES = """
адрес адреса
бесплатно бесплатный
возврат вернуть возвращать верните вернем возвращаем сдать
вес весит весить
гарантия гарантийный
дефект брак бракованный
доставка доставить доставлять доставляете привезти привезете привозите
заказ заказать закажу заказывать заказал заказываю
закончиться закончился закончилась кончиться
звонок позвонить звонить звоните перезвонить
купить покупка покупать куплю приобрести
магазин магазины
обмен обменять обмениваем поменять меняем замена заменить заменим
оплата оплатить платить заплатить оплачивать платеж плата
отмена отменить отменять отмените
отправка отправить отправляете отправите отправлять отправление
ошибка ошибиться ошибся ошибочный
получить получение получать получил
помощь помочь помогите поможете
примерка примерить примерять мерить
работа работать работает
ребенок детский дети детей
ремонт ремонтировать отремонтировать починить чинить почините
скидка дисконт
стирать стирка постирать
цена стоимость стоить стоит почем прайс расценки тариф
break broke broken
buy bought buying
cancel cancellation cancelled canceled cancelling
cheap cheaper
child children kid kids
choose choosing chose
color colour
defect defective faulty
delivery deliver delivering shipping ship shipped
exchange swap
lose lost losing
order ordered purchase
parcel package
pay payment paid paying
phone call
price cost fee charge
repair repairing fix
return returning refund
send sent sending
shop store
wash washing laundry
"""
