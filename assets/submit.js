// Sends the response_mode=form_post page on its way; its Continue button does the same by hand.
document.querySelector("form[data-submit]")?.submit();
