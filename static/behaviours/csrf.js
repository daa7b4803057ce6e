// A page of a session that ended gets the present one's secret with the refusal, so that trying again works.
function renew(secret) {
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": secret }));
  for (const input of document.querySelectorAll("input[name=csrf_token]")) input.value = secret;
}

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const secret = detail.xhr?.getResponseHeader("X-CSRF-Token");
  if (secret) renew(secret);
});
