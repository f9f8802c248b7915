# Headers that hold a URL are gone through like the request's own: Referer and its like.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Canary;

my $t = Consent::Test->new;
my $up = $t->upstream({ body => 'ok' });

$t->keys;
$t->policy;

$t->run(<<'EOT');
    %%CONSENT%%
    log_format all '$request "$http_referer" "$http_x_original_url"';

    server {
        listen 127.0.0.1:%%PORT_0%%;
        listen 127.0.0.1:%%PORT_2%% http2;
        access_log %%DIR%%/access.log all;
        consent on;
        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /gone/ { proxy_pass http://127.0.0.1:%%PORT_9%%; }
        location /off/ { proxy_pass http://127.0.0.1:%%PORT_1%%; consent off; }
        location /.privacy/ { consent_pages; }
    }
EOT

my $c = Consent::Test::Canary->new($t, $up);
my $n = 0;

sub v { return $c->value('r' . $n++) }

for (
    ['a=1&pnr=%s&b=2', 'a=1&b=2', 'one argument among others'],
    ['pnr=%s', undef, 'alone'],
    ['a=1&%%70nr=%s', 'a=1', 'encoded'],
    ['a=1&%%2570nr=%s', 'a=1', 'encoded twice'],
    ['a=1;PNR[]=%s&b=2', qr/^a=1&b=2$/, 'brackets behind a semicolon'],
    ['next=%%2Fx%%3Fpnr%%3D%s&b=2', 'b=2', 'in the URL of another'],
    ['a=1#pnr=%s', qr/^a=1/, 'in a fragment'],
    ['a=1#/person/%s', qr/^a=1/, 'in the path of a fragment'],
    ['next=%%2Fperson%%2F%s&b=2', 'b=2', 'in the path of another'],
    ['a=%s', qr/^a=Kanarie/, 'nothing to do'])
{
    my ($form, $expected, $what) = @$_;

    for my $base ('https://portal.example:8443/sök/a%2fb', '/sok', 'http://127.0.0.1') {
        $t->get('/', headers => ['X-A', 1, 'Referer', "$base?" . sprintf($form, $what =~ /nothing/ ? 'Kanarie' : v()),
            'X-B', 2]);
        my $got = $up->last->header('Referer') // '';
        my ($path, $args) = split /\?/, $got, 2;
        utf8::encode(my $bytes = $base);
        is($path, $bytes, "$what, behind $base: the rest of the URL");
        ref $expected ? like($args, $expected, 'and what may pass')
            : is($args // '', $expected // '', 'and what may pass');
    }
}

for my $name ('Referer', 'referer', 'X-Original-URL', 'X-Original-URI', 'X-Rewrite-URL', 'X-Forwarded-Uri', 'Destination',
    'Content-Location', 'HX-Current-URL', 'X-Envoy-Original-Path', 'X-Auth-Request-Redirect', 'X-Up-Location', 'X-Replaced-Path', 'X-Any-Url')
{
    $t->get('/', headers => [$name, 'https://portal.example/x?a=1&pnr=' . v()]);
    is($up->last->header($name), 'https://portal.example/x?a=1', $name);
}

$t->get('/', port => 2, version => 2, headers => ['referer', 'https://portal.example/x?a=1&pnr=' . v()]);
is($up->last->header('Referer'), 'https://portal.example/x?a=1', 'HTTP/2');

$t->get('/', headers => ['Referer', '/1?pnr=' . v(), 'X-A', 1, 'Referer', '/2?b=2&pnr=' . v()]);
is_deeply([map { s/\?$//r } $up->last->header('Referer')], ['/1', '/2?b=2'], 'two lines');

# a path that holds the data itself is cut to where she came from

for my $path ('/person/%s', '/Person/%s?q=1', '/%%70erson/%s', '//person//%s', '/sok;pnr=%s/x', '/sok%%3Fpnr=%s',
    '/x/../person/%s', '/person/./%s', '/person//%s', '/x/%%2e%%2e/person/%s', '/person%%2f%s', '/person%%5c%s', '/person\\%s', '/;a/person/%s',
    '/x/..;/person/%s', '/person%%u002f%s', '/person/%s/../../x')
{
    $t->get('/', headers => ['Referer', 'https://portal.example' . sprintf($path, v())]);
    like($up->last->header('Referer') // '', qr{^(?:https://portal\.example/)?$}, "a path: $path");

    $t->get('/', headers => ['X-Original-URL', sprintf($path, v())]);
    like($up->last->header('X-Original-URL') // '', qr{^(?:/|//person/)?$}, 'as a gateway passes it on');
}

is($t->get('/gone/', headers => ['Referer', 'https://portal.example/x?pnr=' . v()])->status, 502, 'an upstream that is down');

is_deeply([$c->leaks], [], 'no value went anywhere, nor into a log');
like($t->error_log, qr{referrer: "https://portal\.example/x\??"}, 'the log of errors has the rest');

my $cookie = $t->decide(level => 'forms');
my $sent = 'https://portal.example/person/1912?a=1&PNR[]=1912&pnr#x';
$t->get('/', cookie => $cookie, headers => ['Referer', $sent]);
is($up->last->header('Referer'), $sent, 'what she shares arrives as it was sent');

$t->get('/off/', headers => ['Referer', $sent]);
is($up->last->header('Referer'), $sent, 'off: nothing is taken out');

done_testing;
