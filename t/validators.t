# A copy of a page without our elements is never taken for current.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;
my $PAGE = "<!doctype html><html lang=\"sv\"><head><title>a</title></head><body><p>b</p></body></html>\n";

my $up = $t->upstream(sub {
    my ($q) = @_;
    my $tag = $q->uri =~ /weak/ ? 'W/"v1"' : '"v1"';
    my $inm = $q->header('If-None-Match') // '';

    return { status => 304, reason => 'Not Modified', headers => ['ETag', $tag] }
        if $inm eq $tag || $q->header('If-Modified-Since');
    return { status => 206, reason => 'Partial Content', headers => ['Content-Type', 'text/html', 'ETag', $tag,
        'Content-Range', 'bytes 0-3/100'], body => substr $PAGE, 0, 4 } if $q->header('Range');
    return { headers => ['Content-Type', $q->uri =~ /png/ ? 'image/png' : 'text/html; charset=utf-8', 'ETag', $tag,
        'Last-Modified', 'Wed, 21 Oct 2015 07:28:00 GMT', 'Accept-Ranges', 'bytes'], body => $PAGE };
});

$t->keys;
$t->policy;
$t->write('html/static/file.html', $PAGE);

$t->run(<<'EOT');
    %%CONSENT%%
    proxy_http_version 1.1;

    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent on;
        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /ai/ { proxy_pass http://127.0.0.1:%%PORT_1%%; consent_ai on; }
        location /static/ { types { text/html html; } }
        location /.privacy/ { consent_pages; }
    }
EOT

for my $uri ('/page', '/ai/page', '/weak', '/png') {
    my $weak = $uri eq '/weak' ? 'W/' : '';
    my $r = $t->get($uri);
    my $tag = $r->header('ETag');
    like($tag, qr/^$weak"v1\.c[0-9a-f]{10}"$/, "$uri: the tag names our wording");

    $r = $t->get($uri, headers => ['If-None-Match' => $tag]);
    is($r->status, 304, "$uri: a marked copy is current");
    is($up->last->header('If-None-Match'), "$weak\"v1\"", "$uri: the upstream sees its own tag");
    is($r->header('ETag'), $tag, "$uri: 304 carries the same tag");

    $r = $t->get($uri, headers => ['If-None-Match' => "$weak\"v1\""]);
    is($r->status, 200, "$uri: an unmarked copy is not");
    is($up->last->header('If-None-Match'), undef, "$uri: its tag is not passed on");

    $r = $t->get($uri, headers => ['If-None-Match' => "\"x\", $tag, $weak\"v1\""]);
    is($up->last->header('If-None-Match'), "$weak\"v1\"", "$uri: one of a list");

    $r = $t->get($uri, headers => ['If-Modified-Since' => 'Wed, 21 Oct 2015 07:28:00 GMT']);
    is($r->status, 200, "$uri: nor is a copy known by its date alone");
}

isnt($t->get('/page')->header('ETag'), $t->get('/ai/page')->header('ETag'), 'other words, another tag');

my $r = $t->get('/ai/page', headers => [Range => 'bytes=0-3']);
is($r->status, 200, 'part of an AI answer cannot be had without the notice');
like($r->text, qr/data-consent="notice"/, 'the whole has it');
is($r->header('Accept-Ranges'), undef, 'and offers no parts');

$r = $t->get('/static/file.html');
my $tag = $r->header('ETag');
like($tag, qr/\.c[0-9a-f]{10}"$/, 'a file of nginx\'s own');
like($r->text, qr/data-consent="contact"/, 'has the contact');
is($t->get('/static/file.html', headers => ['If-None-Match' => $tag])->status, 304, 'and is current with its tag');
is($t->get('/static/file.html', headers => ['If-None-Match' => $tag =~ s/\.c\w+//r])->status, 200,
    'but not with the file\'s own');

done_testing;
