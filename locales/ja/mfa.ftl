# Why more is asked of somebody who is signed in

mfa-more = { $client } はより強力なサインインを求めています。
mfa-more-api = { $client } は { $apis } を使うために、より強力なサインインを求めています。
mfa-step = { $client } には 2 段階目の確認が必要です。
mfa-step-api = { $client } で { $apis } を使うには、2 段階目の確認が必要です。
mfa-recent = { $client } は最近のサインインを求めています。
mfa-recent-api = { $client } は { $apis } を使うために、最近のサインインを求めています。
mfa-choose = { $client } で使うアカウントを選んでください。
mfa-other = { $client } は別のアカウントを求めています。
mfa-again = 続けるには、もう一度サインインしてください。

# The ways to take the second step

mfa-way-mail = メールでコードを受け取る
mfa-way-key-hint = 指紋、顔、PIN、またはタッチ
mfa-way-app-hint = アプリに表示される 6 桁の数字
mfa-way-mail-hint = あなたのアドレスに届く 8 桁の数字

# A code by mail

mfa-mail-intro = { $address } に 8 桁の数字を送ります。このページで 10 分間、1 回だけ使えます。
mfa-mail-sent = { $address } に 8 桁の数字を送りました。10 分間使えます。
mfa-mail-send = コードを送る
mfa-mail-again = 新しいコードを送る
mfa-mail-label = 8 桁のコード
mfa-mail-hint = いちばん新しいメールのコードです。古いコードはもう使えません。
mfa-mail-wrong = コードが正しくないか、期限が切れています。いちばん新しいメールを確認するか、新しいコードを送ってください。
mail-code-subject = { $host } のサインインコード
mail-code-why = { $host } にサインインするためのコード:
mail-code-digits = { $label }
mail-code-how = コードを求めたページで 10 分間、1 回だけ使えます。だれにも教えないでください。{ $host } の担当者がコードを尋ねることはありません。
mail-code-not-you = サインインした覚えがありませんか。だれかがあなたのパスワードを知っています。変更してください。

# A browser that is trusted

mfa-trust = このデバイスでは { $days } 日間確認しない
mfa-trust-hint = あなただけが使うデバイスに限ってください。

# An enrolment that is put off

mfa-later = 今はしない
mfa-later-until = { $date } まで先に延ばせます。それ以降は、これなしではサインインできません。
