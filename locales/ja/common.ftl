# Dates

date-january = 1月
date-february = 2月
date-march = 3月
date-april = 4月
date-may = 5月
date-june = 6月
date-july = 7月
date-august = 8月
date-september = 9月
date-october = 10月
date-november = 11月
date-december = 12月
date-day = { $year }年{ $month }{ $day }日
date-moment = { $year }年{ $month }{ $day }日 { $clock } UTC

# On every page

skip-to-content = 本文へ移動
language-menu = 言語
secured-by = Portcullis で保護されています
start-page = スタート ページへ
continue = 続行
copied = コピーしました
copy-by-hand = Ctrl+C を押してください
show-password = パスワードを表示
privacy-policy = プライバシー ポリシー
terms-of-service = 利用規約
help = ヘルプ
problem = 問題があります

# Why a new password is refused

weakness-short = { $count } 文字以上で入力してください。いくつかの単語を続けると覚えやすくなります。
weakness-long = 128 文字以内で入力してください。
weakness-control = 改行やタブなどの制御文字は使用できません。
weakness-common = このパスワードは非常によく使われています。他の人が選ばない単語をお使いください。
weakness-product = このパスワードはほとんどがこのサービスの名前です。サービスと関係のない単語をお使いください。
weakness-person = このパスワードはほとんどがユーザー名またはメール アドレスです。ご自身と関係のない単語をお使いください。
