# What nginx's cache keeps is the upstream's own; each time it is sent it is marked anew, fresh, revalidated or stale.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;

my %BODY = (
    html => ['text/html; charset=utf-8', '<!doctype html><html lang="sv"><title>x</title><body><p>Svar.</p></body></html>'],
    json => ['application/json', '{"answer":"ja"}'],
    text => ['text/plain; charset=utf-8', "Svar.\n"],
);

my $up = $t->upstream(\&answer);

sub answer {
    my ($q) = @_;
    my ($what) = $q->uri =~ m{/(html|json|text)$} or return { status => 404 };
    my ($type, $body) = @{$BODY{$what}};

    return { raw => '' } if -e $t->path('gone');

    my @headers = ('Content-Type', $type, 'ETag', '"v1"', 'Last-Modified', 'Sun, 22 Nov 2026 09:00:00 GMT');

    return { status => 304, reason => 'Not Modified', headers => \@headers }
        if ($q->header('If-None-Match') // '') eq '"v1"';
    return { headers => \@headers, body => $body };
}

$t->keys;
$t->policy;

$t->run(<<'EOT');
    %%CONSENT%%
    proxy_http_version 1.1;
    proxy_cache_path %%DIR%%/cache keys_zone=one:1m;

    server {
        listen 127.0.0.1:%%PORT_0%%;
        listen 127.0.0.1:%%PORT_2%% http2;
        consent on;
        consent_ai on;
        proxy_cache one;
        proxy_cache_key $uri;
        add_header X-Cache $upstream_cache_status always;

        location /kept/ { proxy_pass http://127.0.0.1:%%PORT_1%%; proxy_cache_valid 1h; }
        location /asked/ { proxy_pass http://127.0.0.1:%%PORT_1%%; proxy_cache_valid 1s; proxy_cache_revalidate on; }
        location /old/ { proxy_pass http://127.0.0.1:%%PORT_1%%; proxy_cache_valid 1s;
                         proxy_cache_use_stale error timeout invalid_header http_500; }
        location /.privacy/ { consent_pages; }
    }
EOT

my %marked = (
    html => sub {
        my ($body) = @_;
        my $notices = () = $body =~ /data-consent="notice"/g;
        $body =~ s/<(nav|aside|div|p|section)[^>]*data-consent="\w+".*?<\/\1>//gs;
        return $notices == 1 && $body =~ m{<p>Svar\.</p>};
    },
    json => sub { return $_[0] =~ /^\{"ai_disclosure":\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\},"answer":"ja"\}\s*\z/ },
    text => sub { return $_[0] =~ /AI.*\n\n?Svar\.\n\z/s && (() = $_[0] =~ /AI på uppdrag|av AI/g) == 1 },
);

my %sent;

# One answer, as it should be wherever it came from.
sub right {
    my ($r, $what, $status, $says) = @_;

    $sent{$what}++;
    is($r->status, 200, "$says: $status");
    is($r->header('X-Cache'), $status, "$says: from where");
    ok($marked{$what}->($r->body), "$says: marked once, and whole") or diag($r->body);
    is($r->header('Content-Length'), length $r->body, "$says: with its length") if defined $r->header('Content-Length');
    like($r->header('AI-Disclosure'), qr/^mode=machine-generated/, "$says: in the header as well");
    like($r->header('ETag'), qr{^(?:W/)?"v1.+"$}, "$says: under a tag of its own");
    return $r;
}

for my $what (sort keys %BODY) {

    # fresh
    my $first = right($t->get("/kept/$what"), $what, 'MISS', "$what, first");
    my $again = right($t->get("/kept/$what"), $what, 'HIT', "$what, again");
    is($again->body, $first->body, "$what: the same");
    right($t->get("/kept/$what", version => '1.0'), $what, 'HIT', "$what, HTTP/1.0");
    right($t->get("/kept/$what", version => 2, port => 2), $what, 'HIT', "$what, HTTP/2");
    right($t->get("/kept/$what", headers => ['Range', 'bytes=0-3']), $what, 'HIT', "$what, a part is not to be had");

    my $r = $t->get("/kept/$what", headers => ['If-None-Match', $first->header('ETag')]);
    is($r->status, 304, "$what: who has it marked need not have it again");
    is($r->header('ETag'), $first->header('ETag'), "$what: by the tag he has");
    right($t->get("/kept/$what", headers => ['If-None-Match', '"v1"']), $what, 'HIT', "$what, who has it unmarked");

    $r = $t->request('HEAD', "/kept/$what");
    $sent{$what}++;
    is($r->header('ETag'), $first->header('ETag'), "$what: HEAD has the tag");
    is($r->body, '', "$what: and no body");

    # asked about, and unchanged
    right($t->get("/asked/$what"), $what, 'MISS', "$what, before it is asked about");
    my $asked = $t->wait_for(sub {
        my $got = $t->get("/asked/$what");
        $sent{$what}++;
        return $got->header('X-Cache') eq 'REVALIDATED' && $got;
    });
    $sent{$what}--;
    right($asked, $what, 'REVALIDATED', "$what, asked about");
    is($up->last->header('If-None-Match'), '"v1"', "$what: by the upstream's own tag");
    is($asked->body, $first->body, "$what: and the same still");

    # the upstream is gone
    right($t->get("/old/$what"), $what, 'MISS', "$what, before it is old");
}

$t->write('gone', '');

for my $what (sort keys %BODY) {
    my $old = $t->wait_for(sub {
        my $got = $t->get("/old/$what");
        $sent{$what}++;
        return $got->header('X-Cache') eq 'STALE' && $got;
    });
    $sent{$what}--;
    right($old, $what, 'STALE', "$what, old");
}

$t->quit;

# each time it was sent is in the log
my %logged;

my $log = $t->run_ctl('log', 'show', $t->path('store'), '--type', 'disclosure', '--json');
$logged{$1}++ while $log =~ /"kind":"(\w+)"/g;

is($logged{$_}, $sent{$_}, "$_: an entry for each that was sent") for sort keys %BODY;

my (undef, $files) = $t->command('find', $t->path('cache'), '-type', 'f');
my $kept = join '', map { $t->read(s{^\Q@{[$t->dir]}\E/}{}r) } split /\n/, $files;

like($kept, qr/Svar\./, 'the cache has answers');
unlike($kept, qr/data-consent|ai_disclosure/, 'as the upstream gave them');

done_testing;
