# An answer with values in it is kept by no cache of nginx, and what a cache has is never given any: its masks are those of
# whoever asked first.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;
my $text = "Nr [personnummer 1].\n";
my $secret = '19811218-9876';

my $up = $t->upstream({ headers => ['Content-Type', 'text/plain', 'Cache-Control', 'max-age=60'], body => $text });

$t->keys;
$t->policy;

$t->run(<<'EOT');
    %%CONSENT%%
    proxy_cache_path %%DIR%%/cache keys_zone=c:1m;

    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent on;
        consent_unknown pass;
        add_header X-Cache $upstream_cache_status;
        proxy_cache_methods GET POST;
        proxy_cache_valid 200 1h;
        proxy_cache_key "$uri";

        location / { proxy_cache c; proxy_pass http://127.0.0.1:%%PORT_1%%; consent_restore on; }
        location /bypass { proxy_cache c; proxy_cache_bypass $http_x_bypass; proxy_pass http://127.0.0.1:%%PORT_1%%; consent_restore on; }
        location /again { proxy_cache c; proxy_cache_valid 200 1s; proxy_ignore_headers Cache-Control; proxy_cache_use_stale error;
            proxy_pass http://127.0.0.1:%%PORT_1%%; consent_restore on; }
        location /unbuffered { proxy_cache c; proxy_buffering off; proxy_pass http://127.0.0.1:%%PORT_1%%; consent_restore on; }
        location /stored {
            root %%DIR%%/stored;
            types { text/plain txt; }
            error_page 404 = @fetch;
            error_page 405 = @fetch;
            log_not_found off;
            consent_restore on;
        }
        location @fetch {
            root %%DIR%%/stored;
            proxy_store on;
            proxy_store_access user:rw group:rw all:r;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
            consent_restore on;
        }
        location /.privacy/ { consent_pages; }
    }
EOT

mkdir $t->path('stored'), 0777;
chmod 0777, $t->path('stored');

sub ask {
    my ($uri, $says, @more) = @_;
    return $t->request('POST', $uri, json => { messages => [{ role => 'user', content => $says }] }, @more);
}

for my $path ('/a', '/unbuffered', '/bypass') {
    for (1, 2) {
        my $r = ask($path, "Mitt nr är $secret.");
        is($r->body, "Nr $secret.\n", "$path: the value is back");
        is($r->header('X-Cache'), 'MISS', 'and nothing was kept');
        is_deeply([$r->header('Cache-Control')], ['private, no-store'], 'nor is to be');
    }

    is(ask($path, 'Hej')->header('X-Cache'), 'MISS', 'nor for others');
}

for my $path ('/a', '/bypass') {
    my $r = ask($path, "Mitt nr är $secret.");
    is($r->header('X-Cache'), 'HIT', "$path: what was kept is for everybody");
    is($r->body, $text, 'and its mask is somebody else\'s');
}

my $r = ask('/bypass', "Mitt nr är $secret.", headers => ['X-Bypass', '1']);
is($r->header('X-Cache'), 'BYPASS', 'around the cache');
is($r->body, "Nr $secret.\n", 'the value is back');
is(ask('/bypass', 'Hej')->body, $text, 'and not in the cache');

# stale
ask('/again', 'Hej');
$t->wait_for(sub { ask('/again', 'Hej')->header('X-Cache') eq 'EXPIRED' });
$up->answer({ raw => '' });
$r = $t->wait_for(sub { my $r = ask('/again', "Mitt nr är $secret."); $r->header('X-Cache') eq 'STALE' && $r });
is($r->body, $text, 'what is stale has its own masks as well');
$up->answer({ headers => ['Content-Type', 'text/plain', 'Cache-Control', 'max-age=60'], body => $text });

# a store of files
is(ask('/stored/a.txt', "Mitt nr är $secret.")->body, "Nr $secret.\n", 'before it is stored');
ok(!-e $t->path('stored/stored/a.txt'), 'it is not stored');
is($t->get("/stored/b.txt?q=$secret")->body, "Nr $secret.\n", 'also by an argument');
ok(!-e $t->path('stored/stored/b.txt'), 'it is not stored');
is($t->get('/stored/b.txt')->body, $text, 'what is asked for without a value');
ok(-e $t->path('stored/stored/b.txt'), 'is stored');
is($t->get("/stored/b.txt?q=$secret")->body, $text, 'and comes from there as it is');

$t->quit;

my $kept = '';
for my $file ($t->command('find', $t->path('cache'), '-type', 'f')) {
    $kept .= join '', map { $t->read(s{^\Q@{[$t->dir]}\E/}{}r) } split /\n/, $file if $file =~ m{/};
}
like($kept, qr/Nr \[personnummer 1\]/, 'the cache has answers');
unlike($kept, qr/9876/, 'and no value');

done_testing;
