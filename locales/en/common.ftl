# Dates

date-january = January
date-february = February
date-march = March
date-april = April
date-may = May
date-june = June
date-july = July
date-august = August
date-september = September
date-october = October
date-november = November
date-december = December
date-day = { $day } { $month } { $year }
date-moment = { $day } { $month } { $year }, { $clock } UTC

# On every page

skip-to-content = Skip to content
language-menu = Language
secured-by = Secured by Portcullis
start-page = Go to the start page
continue = Continue
copied = Copied
copy-by-hand = Press Ctrl+C
show-password = Show password
privacy-policy = Privacy policy
terms-of-service = Terms of service
help = Help
problem = There is a problem

# Why a new password is refused

weakness-short = Use at least { $count } characters. A few words in a row are easy to remember.
weakness-long = Use at most 128 characters.
weakness-control = Leave out the control characters, such as line breaks and tabs.
weakness-common = This password is among the most common ones. Choose words that others do not.
weakness-product = This password is mostly the name of this service. Choose words that have nothing to do with it.
weakness-person = This password is mostly your user name or e-mail address. Choose words that have nothing to do with you.
