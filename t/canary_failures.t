# What fails on the way writes nothing of a body, of arguments or of headers: no log, not the store, no file.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Canary;
use Consent::Test::Numbers;
use Compress::Zlib ();
use IO::Socket::INET;

my $t = Consent::Test->new;
my $up = $t->upstream(sub { return $_[0]->uri =~ m{/drop} ? undef : { body => 'ok' } });
my $garbage = $t->upstream({ raw => "HTTP/1.1 200 OK\r\n\0: x\r\n\r\n" }, port => 2);
my $hung = IO::Socket::INET->new(Listen => 50, LocalAddr => '127.0.0.1', LocalPort => $t->port(4), ReuseAddr => 1) or die "listen: $!\n";

$t->keys;
$t->policy;

$t->run(<<'EOF');
    %%CONSENT%%

    log_format body '$request|$args|$request_body|$request_body_file|$http_referer|$http_cookie|$status';

    server {
        listen 127.0.0.1:%%PORT_0%%;
        listen 127.0.0.1:%%PORT_3%% http2;
        consent on;
        client_max_body_size 10m;
        client_body_buffer_size 2k;
        client_body_timeout 200ms;
        consent_body_limit 200k;
        access_log %%DIR%%/access.log;
        access_log %%DIR%%/body.log body;

        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /gone/ { proxy_pass http://127.0.0.1:%%PORT_9%%; }
        location /garbage/ { proxy_pass http://127.0.0.1:%%PORT_2%%; }
        location /hangs/ { proxy_read_timeout 50ms; proxy_pass http://127.0.0.1:%%PORT_4%%; }
        location /streams/ { proxy_request_buffering off; proxy_http_version 1.1; proxy_pass http://127.0.0.1:%%PORT_9%%; }
        location /kept/ { client_body_in_file_only on; proxy_pass http://127.0.0.1:%%PORT_9%%; }
        location /next/ { error_page 502 = @next; proxy_pass http://127.0.0.1:%%PORT_9%%; }
        location @next { proxy_pass http://127.0.0.1:%%PORT_9%%; }
        location /denied/ { deny all; }
        location /file/ { root %%DIR%%/html; }
        location /mirrored/ { mirror /gone/copy; proxy_pass http://127.0.0.1:%%PORT_9%%; }
        location /.privacy/ { consent_pages; }
    }
EOF

my $c = Consent::Test::Canary->new($t, $up, $garbage);
my ($n, @slow) = (0);
my $i = 5000;

sub v { return $c->value('v' . $n++) }
sub pnr { return $c->known('k' . $n++, personnummer($i += 3)) }

my $form = 'application/x-www-form-urlencoded';
my $part = "--x\r\nContent-Disposition: form-data; name=%s\r\n\r\n%s\r\n";

# what is sent, anew each time
my @bodies = (
    sub { ($form, 'a=1&pnr=' . v() . '&t=' . pnr()) },
    sub { ($form, 'a=' . 'x' x 20_000 . '&pnr=' . v() . '&t=' . pnr()) },
    sub { ('application/json', '{"a":1,"pnr":"' . v() . '","t":"' . pnr() . '"}') },
    sub { ('application/json', '{"a":"' . 'x' x 20_000 . '","pnr":"' . v() . '","t":"' . pnr() . '"}') },
    sub { ('application/json', '{"a":1,"pnr":"' . v() . '","t":"' . pnr()) },
    sub { ('text/plain', 'x' x 8000 . ' ' . pnr() . ' ' . pnr()) },
    sub { ('multipart/form-data; boundary=x', sprintf("$part$part", 'a', pnr(), 'pnr', v()) . "--x--\r\n") },
    sub { ('multipart/form-data; boundary=x', sprintf($part, 'pnr', v())) },
    sub { ('application/octet-stream', v() . pnr()) },
    sub { (undef, v() . pnr()) },
    sub { ($form, 'pnr=' . v() . '&a=' . 'x' x 250_000 . pnr()) },
);

my %expected = ('/' => 200, '/drop/' => 502, '/gone/' => 502, '/garbage/' => 502, '/hangs/' => 504, '/streams/' => 502, '/kept/' => 502,
    '/next/' => 502, '/denied/' => 403, '/file/none' => 404, '/mirrored/' => 502);

for my $path (sort keys %expected) {
    my %got;

    for my $make (@bodies) {
        for my $o ([], [version => 2, port => 3], ['chunked']) {
            my ($type, $body) = $make->();
            my @send = @$o == 1 ? (chunked => [unpack '(a3000)*', $body]) : (@$o, body => $body);
            my $r = $t->request('POST', "$path?q=" . pnr() . '&pnr=' . v(), @send, cookie => 'pnr=' . v(),
                headers => ['Accept', 'application/json', defined $type ? ('Content-Type', $type) : (), 'X-Personnummer', v(),
                    'Referer', 'https://x/?pnr=' . v()]);
            $got{$r->status}++;
            fail("$path says it") if $c->found($r->raw);
        }
    }

    ok($got{$expected{$path}}, "$path: $expected{$path}") or diag(explain(\%got));
    is(join(' ', grep { !/^(?:400|413|415|405|$expected{$path})$/ } sort keys %got), '', 'or a refusal');
}

# who leaves, at any point, or is too slow

for my $make (@bodies) {
    my ($type, $body) = $make->();
    my $head = 'POST /%s?pnr=' . v() . " HTTP/1.1\r\nHost: a\r\nContent-Type: " . ($type // 'x') . "\r\n";

    for my $path ('gone/', 'hangs/', 'kept/', 'streams/') {
        for my $sent (1, length($body) - 1, length $body) {
            my $k = $t->connect;
            $k->send(sprintf($head, $path) . 'Content-Length: ' . length($body) . "\r\n\r\n" . substr $body, 0, $sent);
            $k->close;
        }
    }

    my $k = $t->connect;
    $k->send(sprintf($head, '') . 'Content-Length: ' . (1 + length $body) . "\r\n\r\n$body");
    push @slow, $k;

    $k = $t->connect;
    $k->send(sprintf($head, '') . "Transfer-Encoding: chunked\r\n\r\n" . sprintf("%x\r\n", length $body) . $body . "\r\nzz\r\n$body");
    push @slow, $k;
}

$_->rest for @slow;

# nginx ends while one waits

my ($type, $body) = $bodies[1]->();
my $k = $t->connect;
$k->send("POST /hangs/ HTTP/1.1\r\nHost: a\r\nContent-Type: $type\r\nContent-Length: " . length($body) . "\r\n\r\n$body");

cmp_ok(scalar(grep { -f } map { glob $t->path($_) } 'tmp/client_body/*'), '>', 0, 'a location that keeps files kept some');
$t->quit;

is_deeply([$c->leaks], [], 'no value arrived, nor is one in any file');
is(scalar(() = $t->read('body.log') =~ /\n/g) > 300, 1, 'all was logged');
like($t->error_log, qr/$_/, "nginx said: $_") for 'Connection refused', 'upstream timed out', 'sent invalid header',
    'prematurely closed', 'access forbidden', 'invalid chunked body';

done_testing;
