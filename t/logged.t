# Requests that the rewrite phase does not go through are logged without what is protected: those to our own pages, and
# those that nginx itself answers before.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Canary;

my $t = Consent::Test->new;
my $up = $t->upstream({ body => 'ok' });

$t->keys;
$t->policy;

$t->run(<<'EOT', level => 'notice');
    %%CONSENT%%

    log_format all '$request|$request_uri|$uri|$document_uri|$args|$query_string|$arg_pnr|$cookie_pnr|$http_cookie|'
        '$http_referer|$http_x_personnummer|$http_x_original_url|$mapped|$status';
    map $http_referer $mapped { default $http_referer; }

    server {
        listen 127.0.0.1:%%PORT_0%%;
        listen 127.0.0.1:%%PORT_2%% http2;
        access_log %%DIR%%/access.log all;
        client_max_body_size 1k;
        client_header_buffer_size 1k;
        large_client_header_buffers 2 4k;

        location / { consent on; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /off/ { proxy_pass http://127.0.0.1:%%PORT_1%%; client_max_body_size 1k; }
        location /metrics { consent_metrics allow=127.0.0.0/8; }
        location /.privacy/ { consent_pages; add_header X-Mapped $mapped; }
    }

    # consent is on nowhere here
    server {
        listen 127.0.0.1:%%PORT_3%%;
        access_log %%DIR%%/plain.log all;
        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
    }
EOT

my $c = Consent::Test::Canary->new($t, $up);
my $n = 0;

sub v { return $c->value('v' . $n++) }

sub with {
    return (cookie => 'b=2; pnr=' . v(), headers => ['Accept', 'text/html', 'X-A', 1, 'X-Personnummer', v(), 'Referer', 'http://x/y?a=1&pnr=' . v(),
        'X-Original-URL', '/person/' . v()]);
}

# our own pages have their arguments, the log has not

my $back = v();
my $r = $t->get("/.privacy/?lang=en&a=1&pnr=" . v() . "&back=%2Fx%3Fpnr%3D$back%26b%3D2", with());
is($r->status, 200, 'a page');
like($r->body, qr/<html[^>]* lang="en"/, 'in the language that was asked for');
like($r->body, qr/\Q$back\E/, 'that knows the way back as it was');

is($t->get('/.privacy/' . $_ . '?pnr=' . v(), with())->status, 200, "/$_") for 'human', 'policy', 'api/v1/state', 'assets/in-page.css';
is($t->get('/.privacy/nothing?pnr=' . v(), with())->status, 404, 'a page that is none');
is($t->get('/.privacy/x;pnr=' . v(), with())->status, 404, 'with a parameter in its path');
is($t->get('/x/..//person/' . v() . '/../../.privacy/human')->status, 200, 'a page behind what its path takes away');
is($t->request('POST', '/.privacy/?pnr=' . v(), form => ['level', 'forms', 'pnr', v()], with())->status, 403, 'a form from elsewhere');
is($t->request('POST', '/.privacy/?pnr=' . v(), form => ['x', 'x' x 2000], with())->status, 413, 'a form that is too long');
is($t->get('/.privacy?pnr=' . v(), with())->status, 301, 'a page without its slash');
is($t->get('/metrics?pnr=' . v(), with())->status, 200, 'metrics');
is($t->get('/.well-known/gpc.json?pnr=' . v(), with())->status, 200, 'what is served under .well-known');
is($t->get('/.privacy/human?pnr=' . v(), port => 2, version => 2, with())->status, 200, 'a page over HTTP/2');

# what nginx answers before

is($t->request('POST', '/?pnr=' . v(), body => 'x' x 2000, with())->status, 413, 'a body that is too long');
is($t->request('TRACE', '/?a=1&pnr=' . v(), with())->status, 405, 'TRACE');

sub raw {
    my ($expected, $bytes, $what, %o) = @_;
    $bytes =~ s/\n/\r\n/g;

    is($t->http($bytes, %o)->status, $expected, $what);
}

my $rest = sub { " HTTP/1.1\nHost: x\nConnection: close\nReferer: http://x/person/" . v() . "\nCookie: pnr=" . v() };

raw(400, "GET /x?a=1&pnr=" . v() . " HTTP/1.1\nReferer: /?pnr=" . v() . "\n\n", 'no host');
raw(400, "GET /x?a=1&pnr=" . v() . $rest->() . "\nHost: y\n\n", 'two hosts');
raw(400, "GET /x?a=1&pnr=" . v() . $rest->() . "\nContent-Length: x\n\n", 'a length that is none');
raw(400, "GET /x?a=1&pnr=" . v() . $rest->() . "\nX-Personnummer: " . v() . "\nBad\0: x\n\n", 'a header that is none');
raw(400, "GET /person%u002f" . v() . $rest->() . "\n\n", 'an escape that is none');
raw(400, "GET /person/" . v() . "%00$_" . $rest->() . "\n\n", 'NUL') for '', 'x';
raw(400, "GET /../person/" . v() . $rest->() . "\n\n", 'above the root');
raw(400, "GET /x?pnr=" . v() . " HTTP/x\n\n", 'a version that is none');
raw(505, "GET /x?pnr=" . v() . " HTTP/9.1\n\n", 'a version that is not known');
raw(400, "GE/T /x?pnr=" . v() . $rest->() . "\n\n", 'a method that is none');
raw(400, "pnr=" . v() . "\n\n", 'no request at all');
raw(400, "GET /x y/person/" . v() . $rest->() . "\nHost: y\n\n", 'a space');
raw(414, "GET /x?pnr=" . v() . 'x' x 5000 . $rest->() . "\n\n", 'a line that is too long');
raw(414, "GET /person/" . v() . 'x' x 5000 . $rest->() . "\n\n", 'for its path');
raw(400, "GET /x?pnr=" . v() . $rest->() . "\nX-Personnummer: " . v() . 'x' x 5000 . "\n\n", 'a header that is too long');
raw(501, "POST /x?pnr=" . v() . $rest->() . "\nTransfer-Encoding: x\n\n", 'an encoding that is not known');

# a client that leaves in the middle

my $k = $t->connect;
$k->send("GET /x?pnr=" . v() . " HTTP/1.1\r\nHost: x\r\nReferer: /?pnr=" . v() . "\r\nX-Half");
$k->close;
ok($t->wait_for(sub { $t->access_log =~ m{^GET /x HTTP/1\.1\|/x\|.*\|(?:400|499|000|408)$}m }), 'a client that leaves');

# over HTTP/2

for my $o ([path => '/x?pnr=' . v(), headers => ['referer', '/?pnr=' . v(), 'content-length', 'x']],
    [path => '/person/' . v() . '%00'], [path => '/person%u002f' . v()])
{
    my %o = @$o;
    my $got = eval { $t->get($o{path}, port => 2, version => 2, headers => $o{headers} // []) };
    ok(!$got || $got->status == 400, 'HTTP/2: refused');
}

$t->quit;
is_deeply([$c->leaks], [], 'no value stands in a log');

my $log = $t->access_log;
like($log, qr{^GET /\.privacy/\?lang=en&a=1 HTTP/1\.1\|/\.privacy/\?lang=en&a=1\|/\.privacy/\|/\.privacy/\|lang=en&a=1\|lang=en&a=1\|-\|-\|b=2\|http://x/y\?a=1\|-\|-?/?\|http://x/y\?a=1\|200$}m,
    'all else does');
like($log, qr{^POST / HTTP/1\.1\|/\|.*\|413$}m, 'of what nginx answers, too');
like($log, qr{^GET /x HTTP/9\.1\|.*\|505$}m, 'and of a line that it could not read');
like($log, qr{^-\|.*\|400$}m, 'but nothing of one that nobody could');
like($t->error_log, qr{intended to send too large body.*request: "POST / HTTP/1\.1".*referrer: "http://x/y\?a=1"}, 'the log of errors alike');

done_testing;
