# What nginx itself writes after a request has become less has nothing protected in it: access logs of any format, and the
# lines of its errors.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Canary;
use IO::Socket::INET;

my $t = Consent::Test->new;
my $up = $t->upstream({ body => 'ok' });
my $hung = IO::Socket::INET->new(Listen => 5, LocalAddr => '127.0.0.1', LocalPort => $t->port(4), ReuseAddr => 1) or die "listen: $!\n";
my $silent = $t->upstream({ raw => "HTTP/1.1 200 OK\r\n\0: x\r\n\r\n" }, port => 2);

my $closes = $t->upstream({ raw => '' }, port => 5);

$t->keys;
$t->policy;
$t->write('html/there', 'there');

$t->run(<<'EOT');
    %%CONSENT%%

    log_format all '$request|$request_uri|$uri|$args|$query_string|$arg_pnr|$cookie_pnr|$http_cookie|$http_referer|'
        '$http_x_personnummer|$http_x_original_url|$upstream_http_x|$consent_withheld|$status';
    log_format json escape=json '{"r":"$request","c":"$http_cookie","f":"$http_referer","p":"$http_x_personnummer"}';

    limit_req_zone $remote_addr zone=one:1m rate=1r/m;

    server {
        listen 127.0.0.1:%%PORT_0%%;
        listen 127.0.0.1:%%PORT_3%% http2;
        access_log %%DIR%%/access.log all;
        access_log %%DIR%%/json.log json;
        consent on;

        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /gone/ { proxy_pass http://127.0.0.1:%%PORT_9%%; }
        location /garbage/ { proxy_pass http://127.0.0.1:%%PORT_2%%; }
        location /hangs/ { proxy_read_timeout 50ms; proxy_pass http://127.0.0.1:%%PORT_4%%; }
        location /closes/ { proxy_pass http://127.0.0.1:%%PORT_5%%; }
        location /resolves/ { set $to nothing.invalid; proxy_pass http://$to; }
        location /denied/ { deny all; }
        location /auth/ { auth_basic x; auth_basic_user_file /dev/null; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /limits/ { limit_req zone=one; try_files /there =404; }
        location /missing/ { root %%DIR%%/html; }
        location /loop/ { rewrite ^ /loop/again last; }
        location /require/ { consent_require forms; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /there { root %%DIR%%/html; }
        location /named/ { error_page 502 = @down; proxy_pass http://127.0.0.1:%%PORT_9%%; }
        location @down { proxy_pass http://127.0.0.1:%%PORT_9%%; }
        location /log/ { rewrite_log on; rewrite ^/log/(.*)$ /there break; root %%DIR%%/html; }
        location /.privacy/ { consent_pages; }
    }
EOT

my $c = Consent::Test::Canary->new($t, $up, $silent);

sub ask {
    my ($uri, %o) = @_;

    return $t->get("$uri?a=1&pnr=" . $c->value('arg') . '&%70nr=' . $c->value('encoded'),
        cookie => 'b=2; pnr=' . $c->value('cookie'),
        headers => ['X-Personnummer', $c->value('header'), 'Referer', 'http://x/y?pnr=' . $c->value('referer'),
            'X-Original-URL', '/y?pnr=' . $c->value('original')], %o);
}

my %expected = ('/' => 200, '/gone/x' => 502, '/garbage/' => 502, '/hangs/' => 504, '/closes/' => 502, '/resolves/' => 502, '/denied/' => 403, '/auth/' => 401, '/limits/' => 200,
    '/missing/file' => 404, '/loop/' => 500, '/require/' => 403, '/there' => 200, '/named/' => 502, '/log/x' => 200);

for my $uri (sort keys %expected) {
    is(ask($uri)->status, $expected{$uri}, "$uri: $expected{$uri}");
}

is(ask('/limits/')->status, 503, '/limits/ again: 503');
is(ask('/gone/', port => 3, version => 2)->status, 502, 'HTTP/2');
is(ask('/gone/', version => '1.0')->status, 502, 'HTTP/1.0');
is($t->request('POST', '/?pnr=' . $c->value('post'), body => 'pnr=' . $c->value('body'))->status, 415, 'a body');

for my $path ('/person/%s', '/sok;pnr=%s/x', '/%%70erson/%s', '/gone/..//person/%s', '/sok%%3Fpnr=%s') {
    is($t->get(sprintf $path, $c->value("path$path"))->status, 403, "$path: 403");
}

# a client that leaves while the upstream is waited for

my $k = $t->connect;
$k->send('GET /?pnr=' . $c->value('leaves') . " HTTP/1.1\r\nHost: x\r\nReferer: /?pnr=" . $c->value('left') . "\r\n\r\n");
$k->close;

$t->quit;
is_deeply([$c->leaks], [], 'no value went anywhere, nor into a log');

# the logs are there, and say the rest

my $log = $t->error_log;
like($log, qr{connect\(\) failed.*request: "GET /gone/x\?a=1 HTTP/1\.1".*upstream: "http://127[^"]*/gone/x\?a=1".*referrer: "http://x/y\??"},
    'a dead upstream');
like($log, qr/$_/, "an error of nginx: $_") for 'sent invalid header', 'access forbidden by rule', 'limiting requests',
    'No such file', 'upstream timed out', 'prematurely closed connection', 'no resolver defined', 'rewrite or internal redirection cycle';
like($t->access_log, qr{^GET /\?a=1 HTTP/1\.1\|/\?a=1\|/\|a=1\|a=1\|-\|-\|b=2\|http://x/y\??\|-\|/y\??\|-\|\w*identity\w*\|200$}m,
    'the access log');
like($t->read('json.log'), qr{"c":"b=2"}, 'a log of another format');

done_testing;
