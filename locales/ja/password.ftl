# Where strangers tried too often

sign-in-paused = 試行回数が多すぎます。以前サインインしたブラウザーを使うか、このブラウザーを許可するリンクを受け取ってください。
unlock-link = このブラウザーを許可するリンクを送る

# Asking for a mail

ask-login = ユーザー名またはメールアドレス
ask-login-missing = ユーザー名またはメールアドレスを入力してください。
ask-send = リンクを送る
ask-back = サインインに戻る
forgot-title = パスワードをお忘れですか
forgot-intro = ユーザー名またはメールアドレスを入力してください。アカウントのアドレスにリンクを送ります。そのリンクから新しいパスワードを設定できます。
unlock-title = それでもサインインする
unlock-intro = 間違ったパスワードが続いたため、見覚えのないブラウザーは待つ必要があります。ユーザー名またはメールアドレスを入力すると、このブラウザーを許可するリンクを送ります。
sent-title = メールをご確認ください
sent-text = 該当するアカウントがあれば、そのアドレスにメールを送りました。リンクは 15 分以内に一度だけ使えます。
sent-nothing = 届きませんか。迷惑メールのフォルダーと入力した内容をご確認ください。メールは一時間に三通までです。

# A link that opens nothing

link-dead-title = このリンクはもう使えません
link-dead-text = 使用済みか、期限切れか、新しいリンクに置き換えられました。いつも最新のメールをお使いください。
link-ask-new = 新しいリンクを求める

# A new password

reset-title = 新しいパスワードを設定
reset-intro = { $account } のパスワードです。サインイン中のすべてのブラウザーとアプリがサインアウトされます。
reset-label = 新しいパスワード
reset-hint = 関係のない言葉をいくつか並べると、覚えやすく推測されにくくなります。15 文字以上、二段階認証があれば 8 文字以上です。
reset-submit = パスワードを設定
reset-done-title = パスワードを変更しました
reset-done-text = サインインしていたすべてのブラウザーとアプリをサインアウトしました。新しいパスワードでサインインしてください。二段階目はこれまでと同じです。
weakness-published = このパスワードは情報漏えいで公開されたため、攻撃者に試されます。一度も使ったことのないものを選んでください。
weakness-same = 現在と同じパスワードです。別のものを選んでください。

# A password that others may know, at the sign-in

renew-title = 新しいパスワードを選択
renew-intro = { $account } のパスワードです。現在のパスワードはほかの人に知られている可能性があるため、新しいものを設定するまで先に進めません。設定すると、ほかのブラウザーとアプリはすべてサインアウトされます。
renew-mail-intro = { $account } のパスワードはほかの人に知られている可能性があるため、もう使えません。アカウントのメールアドレスにリンクを送ります。そのリンクから新しいパスワードを設定できます。

# Pages with one button

open-verify-title = メールアドレスを確認しますか
open-verify-text = このアドレスがあなたのものであることを、ボタンを押して確認してください。
open-verify-submit = 確認する
open-verify-done = メールアドレスを確認しました
open-verify-then = ほかに必要な操作はありません。
open-address-title = このメールアドレスを使いますか
open-address-text = 今後、アカウント { $account } 宛てのメールはここに届き、このアドレスでサインインできるようになります。ご自身のアカウントである場合だけ続けてください。
open-address-submit = このアドレスを使う
open-address-done = メールアドレスを変更しました
open-address-then = 以前のアドレスにもお知らせしました。
open-unlock-title = このブラウザーを許可しますか
open-unlock-text = ほかの場所で誰が何を入力しても、ここではサインインできるようになります。ご自分のブラウザーでのみ進んでください。
open-unlock-submit = このブラウザーを許可する
open-unlock-done = このブラウザーは許可されました
open-unlock-then = いつものようにパスワードでサインインしてください。
open-disown-title = お心当たりがありませんか
open-disown-text = すべてのブラウザーとアプリをすぐにサインアウトし、パスワードを無効にし、それ以降に追加されたキー、認証アプリ、リカバリーコードを削除して、新しいパスワードを設定するためのメールを送ります。
open-disown-submit = 心当たりがない。すべてサインアウトする
open-disown-done = すべてサインアウトしました
open-disown-then = パスワードは無効になりました。新しいパスワードを設定するためのメールを送りました。
