# The harness itself: what a test sends is what goes out, what it sees is what
# came in, and a fault of nginx's own cannot pass unseen.

use lib 't/lib';
use Consent::Test;

use File::Path qw(remove_tree);
use Time::HiRes qw(sleep time);

my $t = Consent::Test->new;

my $up = $t->upstream(sub {
    my ($q) = @_;

    my %answers = (
        '/gzip' => { body => 'inflate me' x 50, gzip => 1 },
        '/chunked' => { pieces => ['a', 'bc'], chunked => 1 },
        '/slow' => { pieces => ['one', 'two'], chunked => 1, delay => 0.3,
            headers => ['X-Accel-Buffering', 'no'] },
        '/cut' => { body => 'half', length => 100 },
        '/raw' => { raw => "HTTP/1.1 203 Odd\r\nX-A: 1\r\nX-A: 2\r\n\r\nbody" },
        '/big' => { body => 'x' x 300_000 },
        '/utf8' => { body => 'å' },
    );

    return if $q->uri eq '/none';
    return $answers{$q->uri} // { body => "you said: " . $q->body };
});

my $fcgi = $t->upstream({ body => 'fastcgi' }, port => 2, type => 'fastcgi');
my $uwsgi = $t->upstream({ body => 'uwsgi' }, port => 3, type => 'uwsgi');
my $scgi = $t->upstream({ body => 'scgi', status => 404,
    reason => 'Not here' }, port => 4, type => 'scgi');
my $grpc = $t->upstream({ headers => ['X-Grpc', 'yes'] }, port => 5,
    type => 'grpc');

$t->write('html/file.html', 'a file');

my $http = <<'EOF';
    upstream kept {
        server 127.0.0.1:%%PORT_1%%;
        keepalive 4;
    }

    server {
        listen 127.0.0.1:%%PORT_0%%;

        location / {
            proxy_pass http://kept;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
        }

        location /file.html { }

        location /fastcgi {
            fastcgi_pass 127.0.0.1:%%PORT_2%%;
            fastcgi_param REQUEST_URI $request_uri;
            fastcgi_param REQUEST_METHOD $request_method;
            fastcgi_param CONTENT_LENGTH $content_length;
            fastcgi_param LONG "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789";
        }

        location /uwsgi {
            uwsgi_pass 127.0.0.1:%%PORT_3%%;
            uwsgi_param REQUEST_URI $request_uri;
            uwsgi_param REQUEST_METHOD $request_method;
            uwsgi_param CONTENT_LENGTH $content_length;
        }

        location /scgi {
            scgi_pass 127.0.0.1:%%PORT_4%%;
            scgi_param CONTENT_LENGTH $content_length;
            scgi_param REQUEST_METHOD $request_method;
            scgi_param REQUEST_URI $request_uri;
        }
    }

    server {
        listen 127.0.0.1:%%PORT_8%% http2;

        location / {
            proxy_pass http://kept;
        }

        location /grpc. {
            grpc_pass grpc://127.0.0.1:%%PORT_5%%;
        }
    }
EOF

$t->run($http, workers => 2);

# HTTP/1.x, out

is($t->get('/file.html')->body, 'a file', 'a static file');

$t->request('POST', '/a?b=1', headers => ['X-One', '1', 'x-one', '2'],
    cookie => ['a=1; b=2', 'c=3'], form => [pnr => '19800101-1234', å => 'ö&']);
my $q = $up->last;
is($q->method, 'POST', 'the upstream saw the method');
is($q->uri, '/a?b=1', 'and the URI');
is($q->args, 'b=1', 'and its arguments');
is_deeply([$q->header('X-One')], ['1', '2'], 'and both lines of a field');
is_deeply($q->cookies, [['a', 1], ['b', 2], ['c', 3]], 'and each cookie');
is($q->body, 'pnr=19800101-1234&%C3%A5=%C3%B6%26', 'and the form');
like($q, qr/^POST .*pnr=19800101-1234&/s, 'byte for byte');

is($t->request('PUT', '/', json => { a => [1, undef] })->body,
    'you said: {"a":[1,null]}', 'a JSON body');
is($t->request('POST', '/', chunked => ['one', 'two'])->body,
    'you said: onetwo', 'a chunked body');

my $from = time;
is($t->request('POST', '/', pieces => ['a' .. 'c'], delay => 0.1)->body,
    'you said: abc', 'a body in pieces');
cmp_ok(time - $from, '>=', 0.3, 'that came slowly');

is($t->request('POST', '/', headers => [Expect => '100-continue'],
    body => 'x' x 100_000)->status, 200, '100-continue');
is(length $up->last->body, 100_000, 'after which the body came');

# HTTP/1.x, in

my $r = $t->get('/', version => '1.0');
is($r->version, '1.1', 'nginx answers 1.0 as 1.1');
ok($r->complete, 'completely');
like($up->last, qr/^GET/, 'the latest request is the last');

$r = $t->get('/chunked', close => 1);
is($r->body, 'abc', 'chunks are joined');
ok($r->chunks, 'and counted');
is($t->get('/gzip')->text, 'inflate me' x 50, 'gzip is inflated in text()');
is($t->get('/utf8')->text, 'å', 'and UTF-8 decoded');
is(length $t->get('/big')->body, 300_000, 'a large body');

$r = $t->get('/cut');
is($r->body, 'half', 'what came of a body that was cut off');
ok(!$r->complete, 'is not complete');

is($t->get('/none')->status, 502, 'an upstream that closes without a word');

$r = $t->get('/raw');
is($r->status, 203, 'a raw answer');
is_deeply([$r->header('x-a')], [1, 2], 'with two lines of a name');
is(scalar(grep { $_ eq 'X-A' } $r->names), 2, 'as they were written');

$r = $t->request('HEAD', '/big');
is($r->body, '', 'HEAD has no body');
is($r->header('Content-Length'), 300_000, 'but a length');

like($t->http("GET /file.html HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
    . "\r\n"), qr/^HTTP\/1.1 200 OK\r\n.*\r\n\r\na file$/s, 'exact bytes');

my $c = $t->connect;
is($c->request('GET', '/1')->status, 200, 'a connection');
is($c->request('GET', '/2')->status, 200, 'is kept alive');
$c->send("GET /3 HTTP/1.1\r\nHost: a\r\n\r\nGET /4 HTTP/1.1\r\nHost: a\r\n\r\n");
$c->response for 1, 2;
is_deeply([map { $_->uri } ($up->requests)[-4 .. -1]], ['/1', '/2', '/3', '/4'],
    'and pipelined');
is(scalar(() = do { my %c; map { $c{$_->connection}++ ? () : 1 }
    ($up->requests)[-4 .. -1] }), 1, 'so is the upstream\'s');

$c->send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
like($c->within(0.2), qr/one/, 'the first piece of a stream');
like($c->within(0.5), qr/two/, 'is there before the second');

is(($c->send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
    $c->response->status)[1], 200, 'the last request');
ok($c->closed, 'closes');
$c->close;

# HTTP/2

my $h2 = $t->connect(port => 8, version => 2);
is($h2->request('GET', '/h2', headers => [map { ("X-$_", 'v' x 4000) } 1 .. 6])
    ->status, 200, 'more fields than a frame holds');
is($up->last->header('X-6'), 'v' x 4000, 'arrive');
is($h2->request('GET', '/h2', headers => [Cookie => 'a=1', Cookie => 'b=2'])
    ->body, 'you said: ', 'HTTP/2');
is_deeply($up->last->cookies, [['a', 1], ['b', 2]], 'crumbled cookies');
is_deeply([map { $_->body } $h2->requests(['POST', '/', body => 'one'],
    ['POST', '/', form => [a => 2]])], ['you said: one', 'you said: a=2'],
    'two at once');
is(length $h2->request('POST', '/', body => 'y' x 200_000)->body, 200_010,
    'bodies larger than the windows');
is($h2->request('GET', '/', fields => [[':method', 'GET'],
    [':scheme', 'http'], [':path', '/fields'], [':authority', 'b']])->status,
    200, 'every field by hand');
is($up->last->uri, '/fields', 'as given');
is($t->get('/big', port => 8, version => 2)->header('content-length'), 300_000,
    'fields of an answer');

# other upstreams

is($t->request('POST', '/fastcgi?x', body => 'b', cookie => 'z=1')->body,
    'fastcgi', 'FastCGI');
is($fcgi->last->params->{REQUEST_URI}, '/fastcgi?x', 'its parameters');
is(length $fcgi->last->params->{LONG}, 160, 'long ones too');
is($fcgi->last->body, 'b', 'its body');
is($fcgi->last->header('Cookie'), 'z=1', 'its fields');

is($t->request('POST', '/uwsgi?x', body => 'bb')->body, 'uwsgi', 'uwsgi');
is($uwsgi->last->uri, '/uwsgi?x', 'its parameters');
is($uwsgi->last->body, 'bb', 'its body');

$r = $t->request('POST', '/scgi?x', body => 'bbb');
is($r->status . $r->body, '404scgi', 'SCGI');
is($scgi->last->body, 'bbb', 'its body');

is($t->request('POST', '/grpc.Call', port => 8, version => 2, body => 'pb',
    headers => ['Content-Type', 'application/grpc', 'TE', 'trailers'])
    ->header('x-grpc'), 'yes', 'gRPC');
is($grpc->last->body, 'pb', 'its body');
is($grpc->last->uri, '/grpc.Call', 'its path');

# answers and records change while it runs

$fcgi->answer({ body => 'another' });
is($t->get('/fastcgi')->body, 'another', 'another answer');
$fcgi->clear;
is(scalar($fcgi->requests), 0, 'records are cleared');

# nginx itself

my @before = $t->workers;
is(@before, 2, 'two workers');
ok($t->reload($http, workers => 1, drain => 1), 'reload');
is($t->workers, 1, 'with another configuration');
ok(!$t->reload("no_such_directive;"), 'a bad one is refused');
is($t->get('/file.html')->status, 200, 'and the old one serves on');
$t->allow(qr/\[emerg\].*no_such_directive/);

my ($ok, $said) = $t->check($http);
ok($ok, 'nginx -t') or diag $said;
($ok, $said) = $t->check("no_such_directive;");
ok(!$ok, 'nginx -t refuses');
like($said, qr/unknown directive "no_such_directive"/, 'and says why');

$t->write_conf($t->around($http));
ok($t->reopen, 'USR1');
$t->get('/file.html');
ok($t->wait_for(sub { $t->access_log =~ /file\.html/ }), 'the new log is written');

$h2->close;
my $old = $t->pid;
my $new = $t->upgrade;
ok($new && $new != $old, 'USR2 gives another master');
is($t->get('/file.html')->status, 200, 'which serves');

# faults that a test must not pass over: each of them in a test of its own,
# which has to fail

sub faulty {
    my ($code, %env) = @_;

    local @ENV{keys %env} = values %env;
    $t->write('faulty.t', "use lib '$Consent::Test::ROOT/t/lib';\n" . <<'EOF'
use Consent::Test;
my $t = Consent::Test->new;
my $conf = 'server { listen 127.0.0.1:%%PORT_0%%; }';
EOF
        . $code . "\ndone_testing;\n");

    return $t->command($^X, $t->path('faulty.t'));
}

is((faulty('$t->run($conf); is($t->get("/")->status, 403);'))[0], 0,
    'control: a test in order passes');

my ($status, $out) = faulty('$t->run($conf);'
    . 'kill "KILL", $t->workers; $t->wait_for_log(qr/exited on signal/);');
isnt($status, 0, 'a killed worker');
like($out, qr/^not ok 1/m, 'fails a test of its own');
like($out, qr/\[alert\].*exited on signal 9/, 'which shows the line');

is((faulty('$t->run($conf); $t->allow(qr/exited on signal 9/);'
    . 'kill "KILL", $t->workers; $t->wait_for_log(qr/exited on signal/);'))[0],
    0, 'unless it was provoked');

for my $line ('==1==ERROR: AddressSanitizer: heap-use-after-free',
    'src/a.c:1:2: runtime error: signed integer overflow')
{
    isnt((faulty('$t->run($conf); $t->write("stderr.log", "' . $line . '");'))
        [0], 0, "a sanitizer's words: $line");
}

($status, $out) = faulty('$t->run($conf); kill "STOP", $t->workers;'
    . 'like($t->stop(1), qr/left/);');
is($status, 0, 'a process that stays is found, and killed') or diag $out;
($status, $out) = faulty('$t->run($conf); kill "STOP", $t->workers;'
    . '$t->patience(1);');
isnt($status, 0, 'a worker that does not end fails the test');
like($out, qr/left after QUIT: .*worker process/, 'and is named');

isnt((faulty('$t->run("no_such_directive;");'))[0], 0,
    'an nginx that does not start');
isnt((faulty('$t->run($conf); die;'))[0], 0, 'a test that dies');
isnt((faulty('$t->run($conf); $t->get("/", headers => ["Connection", "x"]);'
    . 'sleep 5;', TEST_TIMEOUT => 2))[0], 0, 'a test that hangs');

(undef, $out) = faulty('$t->run($conf); print "# ", $t->dir, " ", $t->pid, "\n";');
my ($dir, $pid) = $out =~ /^# (\S+) (\d+)/m;
ok($dir && !-e $dir, 'the directory is removed');
ok($pid && !-e "/proc/$pid/exe", 'and nginx gone');

(undef, $out) = faulty('print "# ", $t->dir, "\n";', TEST_LEAVE => 1);
($dir) = $out =~ /^# (\/\S+)$/m;
ok(-d $dir, 'or left, on demand');
remove_tree($dir) if $dir;

done_testing;
