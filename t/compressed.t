# A page that comes compressed all the same carries what every page carries; what cannot be read passes as it is.

use lib 't/lib';
use Consent::Test;

use IO::Compress::Gzip qw(gzip);

my $t = Consent::Test->new;
my $PAGE = "<!doctype html><html lang=\"sv\"><head><title>a</title></head><body>" . '<p>b</p>' x 20_000 . "</body></html>\n";

my $up = $t->upstream(sub {
    my ($q) = @_;
    my @html = ('Content-Type', 'text/html; charset=utf-8');

    return { headers => [@html, 'Content-Encoding', 'br'], body => "\x8b\x03\x80abc\x03" } if $q->uri =~ /br/;

    gzip(\$PAGE, \my $small);

    return { headers => [@html, 'Content-Encoding', 'gzip'], pieces => [split //, $small], chunked => 1 }
        if $q->uri =~ /bytes/;
    return { headers => [@html, 'Content-Encoding', 'gzip'], body => substr $small, 0, 200 } if $q->uri =~ /cut/;
    return { headers => ['Content-Type', 'application/pdf', 'Content-Encoding', 'gzip'], body => $small }
        if $q->uri =~ /pdf/;
    return { headers => [@html, 'Content-Encoding', 'gzip'], body => $small };
});

$t->keys;
$t->policy;

gzip(\$PAGE, \my $small);
$t->write('html/static/page.html', $PAGE);
$t->write('html/static/page.html.gz', $small);

$t->run(<<'EOT');
    %%CONSENT%%
    proxy_http_version 1.1;

    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent on;
        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; consent_ai on; }
        location /zip/ { proxy_pass http://127.0.0.1:%%PORT_1%%; consent_ai on; gzip on; gzip_min_length 0; }
        location /static/ { types { text/html html; } gzip_static always; }
        location /.privacy/ { consent_pages; }
    }
EOT

my @gzip = (headers => ['Accept-Encoding' => 'gzip']);

for my $uri ('/page', '/bytes', '/zip/page') {
    my $r = $t->get($uri, @gzip);
    is($up->last->header('Accept-Encoding'), undef, "$uri: the upstream is asked for what can be read");
    ok($r->text =~ /data-consent="contact".*data-consent="notice"/s, "$uri: carries contact and notice");
    ok($r->text =~ /(?:<p>b<\/p>){20000}<\/body><\/html>\n\z/, "$uri: and all of the page");
    is($r->header('Content-Encoding'), $uri eq '/zip/page' ? 'gzip' : undef, "$uri: in the coding it says");
}

my $r = $t->get('/static/page.html', @gzip);
ok($r->text =~ /data-consent="contact"/, 'a file that is there compressed carries the contact');

$r = $t->get('/br', @gzip);
is($r->body, "\x8b\x03\x80abc\x03", 'a coding that we do not read passes byte for byte');
like($r->header('AI-Disclosure'), qr/^mode=/, 'and is marked in its header');

$r = $t->get('/pdf', @gzip);
is($r->header('Content-Encoding'), 'gzip', 'what is not changed stays compressed');

$r = $t->get('/cut', @gzip);
unlike($r->body, qr/<\/html>/, 'an answer that is cut off is not completed by us');

$r = $t->request('HEAD', '/page', @gzip);
is($r->header('Content-Encoding'), undef, 'HEAD says what GET would');

done_testing;
