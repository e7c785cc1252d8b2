#!/usr/bin/env bash
# Access logs of nginx with the request's body, in each way that nginx escapes it. The last request has
# a body that is larger than `client_body_buffer_size`, which nginx logs as `-`.
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d)
chmod 755 "$work"
cat > "$work/nginx.conf" << END
daemon off;
pid $work/pid;
error_log $work/error.log;
events {}
http {
    log_format plain '\$remote_addr - \$remote_user [\$time_local] "\$request" \$status \$body_bytes_sent "\$http_user_agent" \$request_time "\$request_body"';
    log_format json escape=json '{"time":"\$time_iso8601","method":"\$request_method","uri":"\$request_uri","status":\$status,"request_time":\$request_time,"user_agent":"\$http_user_agent","body":"\$request_body"}';
    log_format none escape=none '\$time_iso8601 \$request_method \$request_uri \$status \$request_body';
    client_body_temp_path $work/body;
    client_body_buffer_size 1k;
    server {
        listen 127.0.0.1:18083;
        location / {
            access_log $work/plain.log plain;
            access_log $work/json.log json;
            access_log $work/none.log none;
            proxy_pass http://127.0.0.1:18084;
        }
    }
}
END
python3 serve.py 18084 & server=$!
/usr/sbin/nginx -c "$work/nginx.conf" -e "$work/error.log" & nginx=$!
trap 'kill $server 2> /dev/null || true' EXIT
sleep 2
send() { curl -sS -o /dev/null -H 'Content-Type: application/json' -H 'User-Agent: sender/1' --data-binary "@$1" http://127.0.0.1:18083/webhooks/mews; }
for body in ../payloads/*.json; do send "$body"; done
python3 -c '
import json, sys
value = json.load(open("../payloads/2-general.json"))
value["Events"] *= 20
print(json.dumps(value))' > "$work/large.json"
send "$work/large.json"
sleep 1
kill -QUIT $nginx
wait $nginx || true
for name in plain json none; do cp "$work/$name.log" "../nginx-$name.log"; done
rm -r "$work"
