# A client that leaves, or that breaks off, in the middle of a body: nothing goes on, nothing is logged of it, and the server
# goes on. A file that was made of a body goes with it.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;
my $up = $t->upstream({ body => 'ok' });

$t->keys;
$t->policy;

$t->run(<<'EOF');
    %%CONSENT%%
    log_format body '$status $request_body';

    server {
        listen 127.0.0.1:%%PORT_0%%;
        listen 127.0.0.1:%%PORT_2%% http2;
        consent on;
        consent_unknown pass;
        client_max_body_size 20m;
        client_body_buffer_size 4k;
        client_body_timeout 1s;
        access_log %%DIR%%/body.log body;
        error_page 400 408 413 = @sorry;

        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /kept/ { client_body_in_file_only on; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /limit/ { client_max_body_size 10k; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location @sorry { rewrite ^ /sorry break; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /.privacy/ { consent_pages; }
    }
EOF

my $secret = '198001011234';
my $head = "Host: a\r\nContent-Type: application/x-www-form-urlencoded\r\n";

sub files { return grep { -f } map { glob $t->path($_) } 'tmp/*/*', 'tmp/*/*/*' }

# gone before the end, at once or after a while

for my $n (10, 2_000, 100_000) {
    my $body = "a=1&pnr=$secret&b=" . 'x' x $n;

    my $c = $t->connect;
    $c->send("POST / HTTP/1.1\r\n${head}Content-Length: " . (length($body) + 10) . "\r\n\r\n$body");
    $c->close;

    $c = $t->connect;
    $c->send("POST / HTTP/1.1\r\n${head}Transfer-Encoding: chunked\r\n\r\n" . sprintf("%x\r\n", length $body) . $body);
    $c->close;

    # one that has sent it all and does not wait for an answer

    $c = $t->connect;
    $c->send("POST / HTTP/1.1\r\n${head}Content-Length: " . length($body) . "\r\n\r\n$body");
    $c->close;

    my $h2 = $t->connect(port => 2, version => 2);
    $h2->{tcp}->send(Consent::Test::HTTP2::frame(1, 4, 1, "\x83\x86\x84\x41\x01a") . Consent::Test::HTTP2::frame(0, 0, 1, substr $body, 0, 10_000));
    $h2->{tcp}->close;
}

# many at once that leave while their bodies are gone through

my @all = map { $t->connect } 1 .. 20;
my $body = "a=1&pnr=$secret&b=" . 'x&' x 500_000;

$_->send("POST / HTTP/1.1\r\n${head}Content-Length: " . length($body) . "\r\n\r\n$body") for @all;
$_->close for @all;

is($t->get('/')->status, 200, 'the server goes on');
$t->wait_for(sub { $t->read('body.log') =~ tr/\n// >= 30 });
unlike(join('', map { $_->body } $up->requests), qr/$secret/, 'nothing that may not pass went on');

# too slow

my $slow = $t->connect;
$slow->send("POST / HTTP/1.1\r\n${head}Content-Length: 100\r\n\r\na=1&pnr=$secret");
ok($slow->closed, 'a body that does not come is not waited for');

# not what it says, too long: what an error page gets of it is nothing

$up->clear;

for my $bytes (
    "POST / HTTP/1.1\r\n${head}Transfer-Encoding: chunked\r\n\r\n14\r\na=1&pnr=$secret\r\nno number\r\n",
    "POST / HTTP/1.1\r\n${head}Transfer-Encoding: chunked\r\n\r\n2014\r\na=1&pnr=$secret" . 'x' x 0x2000 . "\r\nno number\r\n",
    "POST /limit/ HTTP/1.1\r\n${head}Transfer-Encoding: chunked\r\n\r\n14\r\na=1&pnr=$secret\r\n4000\r\n" . 'x' x 0x4000 . "\r\n0\r\n\r\n",
) {
    my $c = $t->connect;
    $c->send($bytes);
    is($c->response('POST')->body, 'ok', 'an error page is shown');
    is($up->last->uri, '/sorry', 'by the service');
    unlike($up->last->raw . $up->last->body, qr/$secret/, 'which has nothing of it');
    is($up->last->body, '', 'and no body at all');
}

unlike($t->read('body.log') . $t->access_log, qr/$secret/, 'nor has a log');
is(scalar files(), 0, 'no file is left');

# files that are to be kept are those that hold what may pass

is($t->request('POST', '/kept/', headers => ['Content-Type', 'application/x-www-form-urlencoded'], body => "a=1&pnr=$secret&b=2")->status,
    200, 'a body that is kept');
is($t->request('POST', '/kept/', headers => ['Content-Type', 'application/x-www-form-urlencoded'], body => "a=1&b=2")->status,
    200, 'and one in which there is nothing to take out');
is(scalar files(), 2, 'two files are kept');
is(join('|', map { $t->read(substr $_, 1 + length $t->dir) } files()), 'a=1&b=2|a=1&b=2', 'without what may not pass');

done_testing;
