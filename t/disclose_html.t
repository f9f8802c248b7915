# An HTML answer of a machine says so, in headers and in the page, and every page shows the way to a human being.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;

my $PAGE = "<!doctype html>\n<html lang=\"sv\">\n<head>\n<meta charset=\"utf-8\">\n<title>Bygglov</title>\n</head>\n"
    . "<body>\n<main><h1>Bygglov</h1></main>\n</body>\n</html>\n";

my $up = $t->upstream(sub {
    my ($q) = @_;
    my $uri = $q->uri;
    my @html = ('Content-Type', 'text/html; charset=utf-8');

    return { headers => \@html, pieces => [split //, $PAGE], chunked => 1 } if $uri =~ /chunked/;
    return { headers => [@html, 'Cache-Control', 'no-transform'], body => $PAGE } if $uri =~ /no-transform/;
    return { headers => [@html, 'Content-Disposition', 'attachment; filename="a.html"'], body => $PAGE }
        if $uri =~ /attachment/;
    return { headers => ['Content-Type', 'application/json'], body => '{"a":1}' } if $uri =~ /json/;
    return { headers => [@html, 'AI-Disclosure', 'mode=none', 'X-AI-Generated', 'false'], body => $PAGE }
        if $uri =~ /claims/;
    return { status => 404, reason => 'Not Found', headers => \@html, body => $PAGE } if $uri =~ /missing/;
    return { headers => \@html, body => $PAGE, gzip => 1 } if $uri =~ /gzip/;
    return { headers => \@html, body => $PAGE =~ s{</main>}{'<p>fyll</p>' x 40_000 . '</main>'}er } if $uri =~ /large/;
    return { headers => \@html, pieces => [long_head($1)], delay => 0.2 } if $uri =~ /long-head-(..)/;
    return { headers => \@html, body => $PAGE };
});

# More head than one buffer takes, in that language, and then more page than that.
sub long_head {
    my ($language) = @_;
    my $text = '<p>fyll</p>' x 4000;
    return ($PAGE =~ s{"sv"}{"$language"}r =~ s{</head>.*}{'<style>' . 'a{b:c}' x 4000 . '</style>'}ser,
        "</head>\n<body>\n<main>$text", "$text</main>\n</body>\n</html>\n");
}

$t->keys;
$t->policy;

$t->run(<<'EOT');
    %%CONSENT%%
    proxy_http_version 1.1;

    server {
        listen 127.0.0.1:%%PORT_0%%;
        listen 127.0.0.1:%%PORT_2%% http2;
        consent on;

        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /ai/ { proxy_pass http://127.0.0.1:%%PORT_1%%; consent_ai on 'model=lokal 1'; }
        location /chat/ { proxy_pass http://127.0.0.1:%%PORT_1%%; consent_ai chat; }
        location /end/ { proxy_pass http://127.0.0.1:%%PORT_1%%; consent_contact end; }
        location /off/ { proxy_pass http://127.0.0.1:%%PORT_1%%; consent off; }
        location /report/ { proxy_pass http://127.0.0.1:%%PORT_1%%; consent report; consent_ai on; }
        location /gone/ { proxy_pass http://127.0.0.1:%%PORT_9%%; consent_ai on; }
        location /.privacy/ { consent_pages; }
    }
EOT

# What we put in, taken out again, leaves the page as it was.
sub bare {
    my ($html) = @_;
    $html =~ s{<(nav|aside|script)[^>]*data-consent=[^>]*>.*?</\1>}{}gs;
    $html =~ s{<(?:meta|link)[^>]*data-consent=[^>]*>}{}g;
    return $html;
}

my $r = $t->get('/ai/page');

like($r->header('AI-Disclosure'), qr/^mode=machine-generated, model="lokal 1", provider=.*, date=\@\d+$/,
    'AI-Disclosure says mode, model, provider and date');
is($r->header('X-AI-Generated'), 'true', 'X-AI-Generated');
like($r->header('Link'), qr{^</\.privacy/human>; rel="help"}, 'Link shows the way to a person');
like($r->text, qr/<meta [^>]*name="ai-disclosure"[^>]*content="ai-autonomous"[^>]*data-consent="meta"/, 'meta');
like($r->text, qr/<script type="application\/ld\+json" data-consent="data">/, 'JSON-LD');
like($r->text, qr/<link [^>]*rel="stylesheet"[^>]*data-consent="style"/, 'stylesheet');
like($r->text, qr/<body>\s*<nav data-consent="contact".*?<\/nav>\s*<aside data-consent="notice".*?<\/aside>/s,
    'contact, then notice, first in the body');
is(bare($r->text), $PAGE, 'all else is as it was');
is(length $r->body, $r->header('Content-Length'), 'Content-Length is kept, and right');

$r = $t->get('/ai/chunked');
is(bare($r->text), $PAGE, 'the same, a byte at a time');
like($r->text, qr/data-consent="notice"/, 'with the notice');

$r = $t->get('/ai/large');
like($r->text, qr/data-consent="notice"/, 'a large page has the notice');
is(length $r->body, $r->header('Content-Length'), 'and its length is right');
is(length bare($r->text), length($PAGE) + 11 * 40_000, 'and all of it came');

# the length is promised before the page's language is known: words of another length are filled up
for my $language (qw(sv fi en)) {
    for my $uri ("/ai/long-head-$language", "/long-head-$language") {
        $r = $t->get($uri);
        is(length $r->body, $r->header('Content-Length'), "$uri: the length is right");
        like(bare($r->text), qr/\A\Q${\ join '', long_head($language)}\E *\z/, 'and all of it came');
    }
}

$r = $t->get('/page');
like($r->text, qr/data-consent="contact"/, 'a page that people made shows the contact');
unlike($r->text, qr/data-consent="(?:notice|meta)"/, 'and says nothing of AI');
is($r->header('AI-Disclosure'), undef, 'nor do its headers');

$r = $t->get('/chat/page');
like($r->text, qr/data-consent="notice"/, 'a chat page says that a machine answers');

$r = $t->get('/end/page');
like($r->text, qr/<\/html>\s*<nav data-consent="contact".*<\/nav>\s*\z/s, 'consent_contact end: after the last byte');
is(length $r->body, $r->header('Content-Length'), 'with the right length') if $r->header('Content-Length');

for (['/ai/no-transform', 'no-transform'], ['/ai/attachment', 'an attachment'], ['/ai/json', 'JSON']) {
    my ($uri, $what) = @$_;
    $r = $t->get($uri);
    unlike($r->body, qr/data-consent/, "$what is not changed");
    like($r->header('AI-Disclosure'), qr/^mode=machine-generated/, "$what is marked in its headers");
}

$r = $t->get('/ai/page', headers => ['Sec-Fetch-Dest' => 'empty']);
is($r->text, $PAGE, 'what a script fetches is not changed');

$r = $t->get('/ai/claims');
is(scalar(my @a = $r->header('AI-Disclosure')), 1, 'an upstream that says it is no machine is not believed');
like($r->header('AI-Disclosure'), qr/machine-generated/, 'it is marked');
is($r->header('X-AI-Generated'), 'true', 'in both headers');

$r = $t->get('/ai/missing');
is($r->status, 404, 'an error page of the upstream');
like($r->text, qr/data-consent="contact"/, 'shows the contact');

$r = $t->get('/gone/');
is($r->status, 502, 'an upstream that is down');
like($r->header('Link'), qr/rel="help"/, 'has the way to a person in its header');
like($r->text, qr/class="person"/, 'and in our page, which takes the place of nginx\'s');

$r = $t->request('HEAD', '/ai/page');
is($r->header('Content-Length'), undef, 'HEAD promises no length that GET would not have');
like($r->header('AI-Disclosure'), qr/machine/, 'HEAD is marked');

$r = $t->get('/off/page');
is($r->text, $PAGE, 'off: nothing is changed');
is($r->header('Link'), undef, 'off: no Link');

$r = $t->get('/report/page');
is($r->text, $PAGE, 'report: nothing is changed');
is($r->header('AI-Disclosure'), undef, 'report: no header');

$r = $t->get('/ai/page', version => '1.0');
like($r->text, qr/data-consent="notice"/, 'HTTP/1.0');
$r = $t->get('/ai/page', version => 2, port => 2);
like($r->text, qr/data-consent="notice"/, 'HTTP/2');

$r = $t->http("GET /\x01 HTTP/1.1\r\nHost: a b\r\n\r\n");
like($r->head, qr/^HTTP\/1.1 400/, 'a request that nginx refuses before any phase');
like($r->head, qr/^Link: .*rel="help"/m, 'is answered with the way to a person');

$t->quit;
my $log = $t->run_ctl('log', 'show', $t->path('store'), '--type', 'disclosure', '--json');
like($log, qr/"kind":"html".*"mode":"machine-generated".*"notice_first":true.*"outcome":"sent"/,
    'the log says that the notice was sent, before the first AI byte');
like($log, qr/"kind":"html".*"outcome":"headers only: attachment/, 'and what had headers only, and why');
unlike($log, qr/lokal 1/, 'no name of a model in a log that cannot forget');

done_testing;
