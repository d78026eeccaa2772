# Pages that tell of trouble

error-stale = This page does not hold any more
error-stale-do = It may be too old, or another site sent you here. Go back to the application and start again from there.
error-nothing = There is nothing here
error-nothing-do = Check the address, or go back to where you came from.
error-method = That does not work here
error-method-do = Go back to the application and start again from there.
error-request = That request did not get through
error-request-do = Go back and try again with less, or on a better connection.
error-too-many = Too many tries
error-too-many-do = Wait a minute, then try again.
error-busy = We are busy just now
error-busy-do = Wait a few seconds, then reload this page.
error-fault = Something went wrong on our side
error-fault-do = Try again in a moment. If it happens again, tell the people who run this server.
error-link = This sign-in link does not work
error-link-do = The application that sent you here made a mistake. Go back to it and try again; if it keeps happening, tell its makers what stands below.
error-developer = For the developer
error-code = Error
error-reason = Reason
error-quote = Quote this number when you ask for help
error-copy = Copy the number
