# Pages that tell of trouble

error-stale = このページは有効ではなくなりました
error-stale-do = ページの有効期限が切れたか、別のサイトから移動してきた可能性があります。アプリケーションに戻って、もう一度最初からお試しください。
error-nothing = ページが見つかりません
error-nothing-do = アドレスをご確認いただくか、前のページにお戻りください。
error-method = この操作はここでは行えません
error-method-do = アプリケーションに戻って、もう一度最初からお試しください。
error-request = リクエストが届きませんでした
error-request-do = 前のページに戻り、データを減らすか、より安定した接続でもう一度お試しください。
error-too-many = 試行回数が多すぎます
error-too-many-do = 1 分ほど待ってから、もう一度お試しください。
error-busy = ただいま混み合っています
error-busy-do = 数秒待ってから、このページを再読み込みしてください。
error-fault = サーバーで問題が発生しました
error-fault-do = しばらくしてからもう一度お試しください。繰り返し発生する場合は、このサーバーの管理者にお知らせください。
error-link = このサインイン リンクは使用できません
error-link-do = 移動元のアプリケーションに問題があります。アプリケーションに戻って、もう一度お試しください。繰り返し発生する場合は、以下の内容をアプリケーションの開発者にお知らせください。
error-developer = 開発者向けの情報
error-code = エラー
error-reason = 理由
error-quote = お問い合わせの際は、この番号をお伝えください
error-copy = 番号をコピー
