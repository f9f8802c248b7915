# Whatever goes wrong, the way to a person is shown: by the header, by the page and by problem details, at the most private
# level, in the same place. An operator's error page and an upstream's own stay what they are, with the contact.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;

my $up = $t->upstream(sub {
    my ($q) = @_;
    return if $q->uri =~ /cut/;
    return { status => 503, reason => 'Busy', headers => ['Content-Type', 'text/html'], body => '<!doctype html><body>own' }
        if $q->uri =~ /own/;
    select undef, undef, undef, 1 if $q->uri =~ /slow/;
    return { headers => ['Content-Type', 'text/html'], body => '<!doctype html><body>fine' };
});

$t->keys;
$t->policy;
$t->write('html/sorry.html', '<!doctype html><html lang="sv"><head><title>x</title></head><body><p>ursäkta</body></html>');

my $dead = $t->port(8);

$t->run(<<"EOT");
    %%CONSENT%%
    limit_req_zone \$server_port zone=one:1m rate=1r/m;
    limit_conn_zone \$server_port zone=conns:1m;
    limit_req_status 429;
    limit_conn_status 429;

    server {
        listen 127.0.0.1:%%PORT_0%%;
        listen 127.0.0.1:%%PORT_2%% http2;
        consent on;
        root %%DIR%%/html;
        client_max_body_size 1k;
        large_client_header_buffers 2 2k;

        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /slow/ { proxy_read_timeout 100ms; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /dead/ { proxy_pass http://127.0.0.1:$dead; }
        location /unbuffered/ { proxy_pass http://127.0.0.1:$dead; proxy_buffering off; }
        location /ai/ { proxy_pass http://127.0.0.1:$dead; consent_ai on; }
        location /often/ { limit_req zone=one; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /none/ { limit_conn conns 1; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /operator/ { error_page 502 /sorry.html; proxy_pass http://127.0.0.1:$dead; }
        location = /sorry.html { }
        location /named/ { error_page 502 = \@sorry; proxy_pass http://127.0.0.1:$dead; }
        location \@sorry { default_type text/html; return 200 "<html>\\r\\n<head><title>x</title></head><body>operator"; }
        location /again/ { error_page 502 /dead/again; proxy_pass http://127.0.0.1:$dead; }
        location /closed/ { return 444; }
        location /broken/ { return 500; }
        location /.privacy/ { consent_pages; }
    }
EOT

my $TEL = qr/tel:\+46/;

sub shown {
    my ($what, $r, $status) = @_;

    is($r->status, $status, "$what: $status");
    is(scalar(grep { /rel="help"/ } $r->header('Link')), 1, "$what: the header shows the way to a person");
    return $r;
}

sub ours {
    my ($what, $r, $status) = @_;

    shown($what, $r, $status);
    like($r->header('Content-Security-Policy'), qr/default-src 'none'/, "$what: our page");
    is($r->header('Cache-Control'), 'no-store', "$what: which nobody keeps");
    like($r->text, $TEL, "$what: with the number");
    like($r->text, qr/<main.*<h1.*class="person"/s, "$what: in the same place");
    unlike($r->text, qr/<center>nginx/, "$what: not nginx's");
    is($r->header('Content-Length'), length $r->body, "$what: of the length that it says") if $r->header('Content-Length');
    return $r;
}

my @html = (headers => ['Accept', 'text/html']);

ours('refused', $t->get('/dead/', @html), 502);
ours('nothing wanted', $t->get('/dead/'), 502);
ours('unbuffered', $t->get('/unbuffered/', @html), 502);
ours('HTTP/2', $t->get('/dead/', @html, version => 2, port => 2), 502);
ours('HTTP/1.0', $t->get('/dead/', @html, version => '1.0'), 502);
ours('slow', $t->get('/slow/', @html), 504);
ours('cut', $t->get('/cut/', @html), 502);
ours('our own', $t->get('/broken/', @html), 500);
ours('too large', $t->request('POST', '/', @html, body => 'x' x 2000), 413);
ours('an AI', $t->get('/ai/', @html), 502);
ours('an error page that fails', $t->get('/again/', @html), 502);
like($t->get('/ai/', @html)->header('AI-Disclosure'), qr/machine/, 'whose header says what it is');
like($t->get('/dead/', headers => ['Accept', 'text/html', 'Accept-Language', 'fi'])->text, qr/Palvelu ei toimi/,
    'in her language');

$t->get('/often/');
my $r = ours('too often', $t->get('/often/', @html), 429);
like($r->text, qr/Vänta en stund/, 'says what to do');

# programs

for my $case (['/dead/', 502, 'unavailable'], ['/often/', 429, 'busy'], ['/broken/', 500, 'unavailable']) {
    my ($uri, $status, $type) = @$case;
    $r = shown("$uri for a program", $t->get($uri, headers => ['Accept', 'application/json']), $status);
    is($r->header('Content-Type'), 'application/problem+json', "$uri: problem details");
    is($r->json->{type}, "/.privacy/problems/$type", "$uri: of a type");
    is($r->json->{status}, $status, "$uri: with the status");
    is($r->json->{human}{url}, '/.privacy/human', "$uri: and the way to a person");
}

$r = shown('HEAD', $t->request('HEAD', '/dead/'), 502);
is($r->body, '', 'has no body');

# what nginx says before anything is known: its page, with the contact

for (["GET /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\nBad\0: x\r\n\r\n", 400, 'a bad header'],
    ['GET /' . 'x' x 3000 . " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 414, 'a long line'],
    ["GET /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX: " . 'x' x 3000 . "\r\n\r\n", 400, 'a long header'])
{
    my ($bytes, $status, $what) = @$_;
    $r = shown($what, $t->http($bytes), $status);
    like($r->text, qr/<body[^>]*>\s*<nav data-consent="contact"/, "$what: the contact is first");
    like($r->text, qr/\+46 8/, "$what: with the number");
}

is($t->http("GET /closed/ HTTP/1.1\r\nHost: x\r\n\r\n")->raw // '', '', '444 stays silent');

# others' pages

$r = shown('an operator\'s page', $t->get('/operator/', @html), 502);
like($r->text, qr/<body><nav data-consent="contact".*ursäkta/s, 'is his, with the contact');
is($r->header('Content-Security-Policy'), undef, 'and no header of ours');
$r = shown('a named one', $t->get('/named/', @html), 200);
like($r->text, qr/operator/, 'is his too');
like($r->text, qr/data-consent="contact"/, 'with the contact');
$r = shown('an upstream\'s page', $t->get('/own/', @html), 503);
like($r->text, qr/<body><nav data-consent="contact".*own/s, 'is the upstream\'s, with the contact');
like($t->get('/', @html)->text, qr/<body><nav data-consent="contact".*fine/s, 'as all is when nothing is wrong');

done_testing;
