# What cannot be looked into does not pass, and the answer says why: in the citizen's language, with a person to turn to and
# a code, or as a problem document.

use lib 't/lib';
use Consent::Test;
use Compress::Zlib ();

my $t = Consent::Test->new;

my $up = $t->upstream({ body => 'seen' });

$t->keys;
$t->policy(sub { $_[0]{bodies} = { opaque => 'block', allow => ['image/*', 'application/pdf'] } });

$t->run(<<'EOF');
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;
        listen 127.0.0.1:%%PORT_3%% http2;
        consent on;
        underscores_in_headers on;
        client_max_body_size 20m;
        consent_body_limit 100k;

        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /stream/ {
            proxy_request_buffering off;
            proxy_http_version 1.1;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }
        location /strict/ { consent_unknown refuse; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /off/ { consent off; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /metrics { consent_metrics allow=127.0.0.1; }
        location /.privacy/ { consent_pages; }
    }

    # an error page of the operator's own does not get what was refused
    server {
        listen 127.0.0.1:%%PORT_2%%;
        consent on;
        error_page 400 403 413 415 = @fallback;

        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location @fallback { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /.privacy/ { consent_pages; }
    }
EOF

my $secret = '198001011234';
my %why = ('too-large' => 'size', map { ("body-$_", $_) } qw(type charset encoding syntax depth));
my %explained;

sub kind { my ($type, @more) = @_; return headers => ['Content-Type', $type, 'Accept', 'application/json', @more] }

sub refused {
    my ($r, $status, $type, $name) = @_;

    is($r->status, $status, "$name is refused");
    is($r->header('Content-Type'), 'application/problem+json', 'with a problem document');
    like($r->json->{type}, qr{/problems/$type$}, "of type $type");
    like($r->json->{code}, qr/^[0-9a-f]{8}$/, 'a code');
    ok($r->json->{human}{channels}, 'and a person');
    $explained{$r->json->{code}} = $why{$type} if $why{$type};
    unlike($r->raw, qr/$secret/, 'and nothing of what was sent');
    is(scalar $up->requests, 0, 'nothing arrived');
    $up->clear;
}

my $form = 'application/x-www-form-urlencoded';

for my $path ('/', '/stream/') {
    my $ask = sub { my ($body, @o) = @_; return $t->request('POST', $path, @o, body => $body) };

    # nobody knows what it is

    refused($ask->("pnr=$secret", headers => ['Accept', 'application/json']), 415, 'body-type', 'a body without a type');
    refused($ask->("pnr=$secret", kind('application/octet-stream')), 415, 'body-type', 'any bytes');
    refused($ask->("pnr=$secret", kind('application/x-protobuf')), 415, 'body-type', 'another type');
    refused($ask->("pnr=$secret", kind('nonsense')), 415, 'body-type', 'no type');
    refused($ask->("{\"pnr\":$secret}", kind('image/png', 'Content-Type', 'application/json')), 415, 'body-type', 'two types');
    refused($ask->("{\"pnr\":$secret}", kind('image/png', 'Content_Type', 'application/json')), 415, 'body-type', 'two spellings of it');
    refused($t->request('PUT', $path, kind('text/x-unknown; charset=utf-16'), body => "x$secret"), 415, 'body-charset', 'another charset');

    # nobody can unpack it

    refused($ask->("pnr=$secret", kind($form, 'Content-Encoding', 'br')), 415, 'body-encoding', 'a coding');
    refused($ask->("pnr=$secret", kind($form, 'Content-Encoding', 'gzip', 'Content-Encoding', 'gzip')), 415, 'body-encoding', 'two codings');
    refused($ask->("pnr=$secret", kind($form, 'Content-Encoding', 'gzip')), 400, 'body-syntax', 'what says it is gzip');
    refused($ask->(substr(Compress::Zlib::memGzip("pnr=$secret&" x 5), 0, -9), kind($form, 'Content-Encoding', 'gzip')),
        400, 'body-syntax', 'a cut off one');

    # it is not what it says

    refused($ask->("{\"pnr\":$secret", kind('application/json')), 400, 'body-syntax', 'half of an object');
    refused($ask->('[' x 600 . ']' x 600, kind('application/json')), 400, 'body-depth', 'too many layers');
    refused($ask->("--x\r\nContent-Disposition: form-data; name=pnr\r\n\r\n$secret", kind('multipart/form-data; boundary=x')),
        400, 'body-syntax', 'a form without its end');

    # it is too long

    refused($ask->('a=' . 'x' x 110_000, kind($form)), 413, 'too-large', 'a long body');
    refused($t->request('POST', $path, kind($form), chunked => ['a=', 'x' x 60_000, 'x' x 60_000]), 413, 'too-large', 'in chunks');
    refused($ask->(Compress::Zlib::memGzip('a=' . 'x' x 110_000), kind($form, 'Content-Encoding', 'gzip')),
        413, 'too-large', 'unpacked');
    refused($ask->(Compress::Zlib::memGzip('a=' . 'x' x 50_000_000), kind($form, 'Content-Encoding', 'gzip')),
        413, 'too-large', 'a bomb');
}

refused($t->request('POST', '/', kind('application/octet-stream', 'Expect', '100-continue'), body => "pnr=$secret"),
    415, 'body-type', 'a body that waits for 100');
refused($t->request('POST', '/', kind('application/octet-stream'), port => 3, version => 2, body => "pnr=$secret"),
    415, 'body-type', 'a body over HTTP/2');
refused($t->request('POST', '/strict/', kind($form), body => 'nobodyknows=1'), 400, 'unknown-name', 'a name that nobody knows');

# the support desk is told which of them it was

my %said = map { my $said = $t->run_ctl('explain', $t->path('store'), $_, '--json'); ($_, $said =~ /"event":"body".*"why":"(\w+)"/) } keys %explained;
is_deeply(\%said, \%explained, 'each code leads to its reason');

# for people

my %says = (
    sv => ['Vi kan inte kontrollera den här sortens innehåll', 'Vi kunde inte läsa det du skickade', 'Det du skickade är för stort'],
    fi => ['Emme voi tarkistaa tällaista sisältöä', 'Emme voineet lukea lähettämiäsi tietoja', 'Lähettämäsi tiedot ovat liian suuret'],
    en => ['We cannot check this kind of content', 'We could not read what you sent', 'What you sent is too large'],
);

for my $tag (sort keys %says) {
    my @page = (headers => ['Accept', 'text/html', 'Accept-Language', $tag]);
    my @got = map { $t->request('POST', '/', headers => [@{$page[1]}, 'Content-Type', $_->[0]], body => $_->[1]) }
        ['application/octet-stream', $secret], ['application/json', "{\"pnr\":$secret"], [$form, 'x' x 110_000];

    is(join(' ', map { $_->status } @got), '415 400 413', "$tag: refused");

    for (0 .. 2) {
        like($got[$_]->header('Content-Type'), qr{^text/html}, 'with a page');
        like($got[$_]->text, qr/\Q$says{$tag}[$_]\E/, 'that says why');
        like($got[$_]->text, qr/<code>[0-9a-f]{8}<.*\+46/s, 'with a code and a person');
        unlike($got[$_]->text, qr/$secret/, 'and nothing of what was sent');
    }
}

is(scalar $up->requests, 0, 'nothing arrived');

# the operator's page

for (['multipart/form-data; boundary=x', "--x\r\n"], ['application/json', '{'], ['application/octet-stream', $secret]) {
    cmp_ok($t->request('POST', '/', port => 2, headers => ['Content-Type', $_->[0]], body => $_->[1])->status, '>=', 400,
        'an error_page does not get it');
}

unlike(join('', map { $_->raw . $_->body } $up->requests), qr/$secret/, 'nothing arrived there');
$up->clear;

# empty

for my $o ([body => ''], [chunked => []], [headers => ['Content-Length', 0]], [port => 3, version => 2, body => '']) {
    is($t->request('POST', '/', @$o)->status, 200, "an empty body passes: @{$o}[0]");
    is($up->last->method, 'POST', 'as it is');
    is($up->last->body, '', 'without a byte');
}

# the connection goes on behind a refused body

my $c = $t->connect;

for ([body => "x$secret"], [chunked => ["x$secret", 'x' x 50_000]]) {
    is($c->request('POST', '/', kind('application/octet-stream'), @$_)->status, 415, 'refused');
    is($c->request('POST', '/', kind('application/json'), body => '{')->status, 400, 'refused once it was read');
    is($c->request('GET', '/')->status, 200, 'the next request on the connection is answered');
}

# what may pass unseen

$up->clear;

for ('image/png', 'IMAGE/x-any; a=b', 'application/pdf') {
    is($t->request('POST', '/', kind($_), body => "x$secret")->status, 200, "$_ may pass, says the policy");
    is($up->last->body, "x$secret", 'as it is');
}

# granted

my $all = $t->decide(categories => ['contact', 'identity', 'location', 'health']);

for my $path ('/', '/stream/') {
    my $body = "pnr=$secret&x=" . 'y' x 60_000;

    is($t->request('POST', $path, cookie => $all, body => $body)->status, 200, "granted, anything passes to $path");
    ok($up->last->body eq $body, 'byte for byte');
    is($t->request('POST', $path, cookie => $all, chunked => ['abc', 'def'])->status, 200, 'chunked too');
    is($up->last->body, 'abcdef', 'byte for byte');
}

is($t->request('POST', '/', cookie => $all, body => 'x' x 110_000)->status, 413, 'but not over the limit');

my $some = $t->decide(level => 'forms');
is($t->request('POST', '/', cookie => $some, kind('application/octet-stream'), body => $secret)->status, 415, 'some is not enough');

is($t->request('POST', '/off/', form => ['SAMLResponse', 'x' x 5000])->status, 200, 'where consent is off it passes');
is(length $up->last->body, 5013, 'all of it');

cmp_ok($1, '>', 30, 'refusals are counted') if $t->get('/metrics')->body =~ /^consent_bodies_refused_total (\d+)/m;
unlike($t->error_log . $t->access_log, qr/$secret/, 'no log has any of it');

done_testing();
