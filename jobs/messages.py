"""The message line's three steps, each on the id of one row."""

from hub.services.agents import answer as answering
from hub.services.conversations import deliver as delivering
from hub.services.channels import webhooks
from jobs.job import job

process_inbound = job(webhooks.process)
answer = job(answering.answer)
deliver = job(delivering.deliver)
