# A copy of a page without our elements is never taken for current.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;
my $PAGE = "<!doctype html><html lang=\"sv\"><head><title>a</title></head><body><p>b</p></body></html>\n";

my $up = $t->upstream(sub {
    my ($q) = @_;
    my $tag = $q->uri =~ /weak/ ? 'W/"v1"' : '"v1"';
    my $inm = $q->header('If-None-Match') // '';

    return { headers => ['Content-Type', 'text/html', 'Content-MD5', 'x', 'Digest', 'sha-256=x', 'Repr-Digest', 'sha-256=:x:'],
        body => $PAGE } if $q->uri =~ /digest/;
    return { status => 412, reason => 'Precondition Failed', headers => ['Content-Type', 'text/html'], body => '' }
        if ($q->header('If-Match') // $tag) ne $tag;

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

# who changes what she has seen

my $seen = $t->get('/page')->header('ETag');
is($t->request('PUT', '/page', headers => ['If-Match', $seen])->status, 200, 'a marked copy is the one to change');
is($up->last->header('If-Match'), '"v1"', 'which the upstream knows by its own tag');
is($t->request('PUT', '/page', headers => ['If-Match', '"v1"'])->status, 412, 'a tag without ours is of no copy that was sent');

# who wants the rest of a copy that is not the one there is, gets all

for my $copy ('"v1"', 'Wed, 21 Oct 2015 07:28:00 GMT') {
    is($t->get('/png', headers => ['If-Range', $copy, 'Range', 'bytes=0-3'])->status, 200, "all, not the rest of $copy");
    is($up->last->header($_), undef, "$_ is not asked for") for 'Range', 'If-Range';
}

is($t->get('/png', headers => ['If-Range', $t->get('/png')->header('ETag'), 'Range', 'bytes=0-3'])->status, 206,
    'the rest of the one there is can be had');
is($up->last->header('If-Range'), '"v1"', 'by the tag that the upstream knows');

my $digest = $t->get('/digest');
like($digest->text, qr/data-consent="contact"/, 'a page with digests is changed');
is($digest->header($_), undef, "$_ was of what it had been") for 'Content-MD5', 'Digest', 'Repr-Digest';

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
