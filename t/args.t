# Arguments that carry what nobody agreed to share are taken out of every form of the request's URL, however they are
# written; what is left is as it was.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Canary;

my $t = Consent::Test->new;
my $up = $t->upstream({ body => 'ok' });

$t->keys;
$t->policy;

$t->run(<<'EOT');
    %%CONSENT%%
    large_client_header_buffers 4 64k;
    log_format all '$request|$request_uri|$args|$query_string|$is_args|$arg_pnr|$uri';

    server {
        listen 127.0.0.1:%%PORT_0%%;
        listen 127.0.0.1:%%PORT_2%% http2;
        access_log %%DIR%%/access.log all;
        consent on;
        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /other/ { proxy_pass http://127.0.0.1:%%PORT_1%%/new/; }
        location /named/ { set $to 127.0.0.1:%%PORT_1%%; proxy_pass http://$to$request_uri; }
        location /args/ { set $to 127.0.0.1:%%PORT_1%%; proxy_pass http://$to/x$is_args$args; }
        location /off/ { proxy_pass http://127.0.0.1:%%PORT_1%%; consent off; }
        location /.privacy/ { consent_pages; }
    }

    server {
        listen 127.0.0.1:%%PORT_3%%;
        rewrite ^/old$ /new? last;
        consent on;

        location / {
            proxy_set_header X-Uri $request_uri;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }

        location /.privacy/ { consent_pages; }
    }
EOT

my $c = Consent::Test::Canary->new($t, $up);
my $n = 0;

sub v { return $c->value('a' . $n++) }

for (
    ['in the middle', 'a=1&pnr=' . v() . '&b=2', 'a=1&b=2'],
    ['first', 'pnr=' . v() . '&a=1', 'a=1'],
    ['last', 'a=1&pnr=' . v(), 'a=1'],
    ['alone', 'pnr=' . v(), undef],
    ['nothing but', 'pnr=' . v() . '&email=' . v() . '&ort=' . v(), undef],
    ['another case', 'a=1&PNR=' . v() . '&Personnummer=' . v() . '&b=2', 'a=1&b=2'],
    ['repeated', 'pnr=' . v() . '&a=1&pnr=' . v() . '&b=2&pnr=' . v(), 'a=1&b=2'],
    ['percent', 'a=1&%70nr=' . v() . '&b=2', 'a=1&b=2'],
    ['all of it, in capitals', 'a=1&%50%4E%52=' . v() . '&b=2', 'a=1&b=2'],
    ['percent twice', 'a=1&%2570nr=' . v() . '&b=2', 'a=1&b=2'],
    ['percent four times', 'a=1&%25252570nr=' . v() . '&b=2', 'a=1&b=2'],
    ['%u', 'a=1&%u0070nr=' . v() . '&b=2', 'a=1&b=2'],
    ['brackets', 'a=1&pnr[]=' . v() . '&pnr[x][y]=' . v() . '&b=2', 'a=1&b=2'],
    ['encoded brackets', 'a=1&pnr%5B%5D=' . v() . '&b=2', 'a=1&b=2'],
    ['a dot', 'a=1&pnr.value=' . v() . '&b=2', 'a=1&b=2'],
    ['semicolons', 'a=1;pnr=' . v() . ';b=2', qr/^a=1[;&]b=2$/],
    ['semicolon behind a value', 'a=1;pnr=' . v() . '&b=2', qr/^a=1&b=2$/],
    ['an encoded &', 'a=1%26pnr=' . v() . '&b=2', qr/^(?:a=1&)?b=2$/],
    ['an encoded =', 'a=1&pnr%3D' . v() . '&b=2', 'a=1&b=2'],
    ['a plus before', 'a=1&+pnr=' . v() . '&b=2', 'a=1&b=2'],
    ['a plus behind', 'a=1&pnr+=' . v() . '&b=2', 'a=1&b=2'],
    ['a space before', 'a=1&%20pnr=' . v() . '&b=2', 'a=1&b=2'],
    ['a NUL behind', 'a=1&pnr%00=' . v() . '&b=2', 'a=1&b=2'],
    ['a NUL and more', 'a=1&pnr%00x=' . v() . '&b=2', 'a=1&b=2'],
    ['a line feed', 'a=1&pnr%0a=' . v() . '&b=2', 'a=1&b=2'],
    ['several =', 'a==1=&pnr==' . v() . '=&b=2=', 'a==1=&b=2='],
    ['any rest', 'q=1&utm_source=' . v() . '&UTM_=' . v() . '&utm=2', 'q=1&utm=2'],
    ['in the URL of another', 'a=1&next=/page?pnr=' . v() . '&b=2', 'a=1&b=2'],
    ['encoded in the URL of another', 'a=1&next=%2Fpage%3Fx%3D1%26pnr%3D' . v() . '&b=2', 'a=1&b=2'],
    ['a question mark more', 'a=1&?pnr=' . v() . '&b=2', 'a=1&b=2'],
    ['an empty value', 'a=1&pnr=&b=2', 'a=1&b=2'],
    ['a bare name', 'a=1&pnr&b=2', 'a=1&b=2'],
    ['empty pairs', '&&a=1&&pnr=' . v() . '&&b=2&', qr/^&*a=1&+b=2&*$/],
    ['names like it', 'pn=1&pnr2=2&xpnr=3&pnr-x=4&pnr_=5', 'pn=1&pnr2=2&xpnr=3&pnr-x=4&pnr_=5'],
    ['values like it', 'q=pnr&r=%70nr&s=pnr+and+email', 'q=pnr&r=%70nr&s=pnr+and+email'],
    ['other bytes', "a=%C3%A5\xc3\xa5%ff&pnr=" . v() . '&b=!$\'()*,-./:@_~%zz%', "a=%C3%A5\xc3\xa5%ff&b=!\$'()*,-./:\@_~%zz%"],
    ['on another legal basis', 'diarienummer=2026-17&pnr=' . v(), 'diarienummer=2026-17'],
    ['nothing to do', 'q=bygglov&sida=2', 'q=bygglov&sida=2'])
{
    my ($what, $sent, $expected) = @$_;

    for (['/page', '/page'], ['/other/a%2fb', '/new/a/b'], ['/named/', '/named/'], ['/args/', '/x'], ['/a/../b//', undef]) {
        my ($from, $to) = @$_;
        my $r = $t->get("$from?$sent");
        my $got = $up->last;

        fail("$what: status " . $r->status) if $r->status != 200;

        ref $expected ? like($got->args, $expected, "$what, $from") : is($got->args, $expected, "$what, $from");

        # a '?' may stay where nothing is left behind it
        is($got->uri =~ s/\?.*//r, $to, 'with its path') if $to;
    }

    is_deeply([map { $c->found($_->raw) } $up->requests], [], 'and no value');
    $up->clear;
}

# what the log says is what went on

my @lines = split /\n/, $t->access_log;
like($lines[0], qr{^GET /page\?a=1&b=2 HTTP/1\.1\|/page\?a=1&b=2\|a=1&b=2\|a=1&b=2\|\?\|-\|/page$}, 'the access log');
like($lines[15], qr{^GET /page\??(?: HTTP/1\.1)\|/page\??(?:\|-?){4}\|/page$}, 'where nothing is left');

# forms of the request line

for (["/page?a=1#pnr=%s", qr{^/page\?a=1}], ["/page#pnr=%s", qr{^/page}], ["/page?a=1#x?pnr=%s", qr{^/page\?a=1}],
    ["http://localhost/page?a=1&pnr=%s", qr{/page\?a=1$}], ["http://localhost?pnr=%s", qr{^/\??$}],
    ["/page??pnr=%s", qr{^/page\?*$}], ["/page?a=1?pnr=%s", qr{^/page}], ["/page?&pnr=%s", qr{^/page[?&]*$}])
{
    my ($form, $expected) = @$_;
    my $r = $t->http(sprintf("GET $form HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", v()));
    is($r->status, 200, "$form is answered");
    like($up->last->uri, $expected, 'and goes on without it');
}

$t->http(sprintf("GET /page?a=1&pnr=%s HTTP/1.0\r\n\r\n", v()));
is($up->last->uri, '/page?a=1', 'HTTP/1.0');

$t->get('/page?a=1&pnr=' . v(), port => 2, version => 2);
is($up->last->uri, '/page?a=1', 'HTTP/2');

for my $method ('HEAD', 'OPTIONS', 'DELETE', 'PROPFIND', 'QUERY') {
    $t->request($method, '/page?a=1&pnr=' . v());
    is($up->last->method . ' ' . $up->last->uri, "$method /page?a=1", $method);
}

# what a rewrite of the server has dropped is dropped from the line too

$t->get('/old?q=1&pnr=' . v(), port => 3);
is($up->last->uri, '/new', 'a rewrite of the server drops the arguments');
is($up->last->header('X-Uri'), '/old?q=1', 'the line that was asked for is without it too');

$t->get('/a%20b//c%2Fd/./e?q=1&pnr=' . v());
is($up->last->uri, '/a%20b//c%2Fd/./e?q=1', 'the path is sent on byte for byte');

# large

my $many = join '&', map { "a$_=" . 'x' x 20 } 1 .. 1000;
$t->get("/page?$many&pnr=" . v() . "&$many");
is($up->last->args, "$many&$many", 'two thousand others');

$t->get('/page?' . join '&', map { ("a$_=1", 'pnr=' . v()) } 1 .. 1000);
is($up->last->args, join('&', map { "a$_=1" } 1 .. 1000), 'a thousand between a thousand');

$t->get('/page?a=1&' . '%25' x 10_000 . '70nr=' . v());
is($up->last->args, 'a=1', 'encoded more often than anyone would');

is_deeply([$c->leaks], [], 'no value went anywhere, nor into a log');

# what is granted

my $cookie = $t->decide(level => 'forms');
$t->get('/page?a=1&PNR=1;2&ort=' . v() . '&%70nr[]=3&email=a%40b', cookie => $cookie);
is($up->last->args, 'a=1&PNR=1;2&%70nr[]=3&email=a%40b', 'what she shares arrives as it was sent');
is_deeply([$c->leaks], [], 'and what she does not share stays here');

$t->get('/off/?pnr=' . $c->value('off'));
is($up->last->args, 'pnr=' . $c->value('off'), 'off: nothing is taken out');

done_testing;
