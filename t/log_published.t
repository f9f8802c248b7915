# The log is published behind the decisions, and read by whoever may: an
# independent reader finds every decision in it, under a signature that holds.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Citizen;
use Consent::Test::Log;

my $t = Consent::Test->new;

$t->keys;
my $policy = $t->policy;
$t->upstream({ body => 'hello' });

$t->run(<<'EOF', workers => 2);
    %%CONSENT%%
    consent_log_interval 100ms;

    server {
        listen 127.0.0.1:%%PORT_0%%;

        location / {
            consent on;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }

        location /.privacy/ { consent_pages; }
        location /log/      { consent_log allow=127.0.0.1; }
        location /metrics   { consent_metrics allow=127.0.0.1; }
    }
EOF

my $log = Consent::Test::Log->new($t);

ok($t->wait_for(sub { $log->get('checkpoint')->status == 200 }), 'what nginx says at its start is published');

my $first = $log->checkpoint;
my @types = map { $_->{type} } $log->has($first, sub { 1 });
ok((grep { $_ eq 'policy' } @types), 'the policy');
is($first->{origin}, 'test.example/log', 'under the name of the key');

# decisions

my $c = Consent::Test::Citizen->new($t);

for my $level (qw(forms contact needed forms)) {
    $c->choose(level => $level, scope => 'standing', ai => 'any');
}

my @decisions;

ok($t->wait_for(sub {
    @decisions = $log->has($log->checkpoint, sub { $_[0]{type} eq 'decision' });
    return @decisions == 4;
}), 'decisions are in it soon');
is_deeply([map { $_->{level} } @decisions], [qw(forms contact needed forms)], 'in their order');

# what the first checkpoint covers is still there, as it was

is(scalar($log->entries($first)), $first->{size}, 'the first checkpoint is of a prefix');

# the store stays as it is when nothing happens: reading itself is told once

my $size = $t->wait_for(sub {
    my $before = $log->checkpoint->{size};
    select undef, undef, undef, 0.4;
    return $log->checkpoint->{size} == $before ? $before : 0;
});
ok($size, 'nothing new, nothing published');

my @audits = $log->has($log->checkpoint, sub { $_[0]{type} eq 'audit' });
ok(@audits >= 1 && @audits <= 2, 'each worker tells once that the log was read');
is($audits[0]{role}, 'allow', 'by whom');
is($audits[0]{location}, '/log/', 'where');
unlike(JSON::PP->new->encode(\@audits), qr/127\.0\.0/, 'and no address');

like($t->get('/metrics')->body, qr/^consent_log_published_entries $size$/m, 'a figure tells how far it is');
like($t->get('/metrics')->body, qr/^consent_log_refused 0$/m, 'and that all is well');

# beside the keys

my $kept = $t->read('keys/kept/checkpoint');
is($log->read_checkpoint($kept)->{size}, $size, 'what was last signed is kept beside the keys');
is((stat $t->path('keys/kept'))[2] & 0777, 0700, 'for the workers alone');

# headers

my $r = $log->get('checkpoint');
is($r->header('Content-Type'), 'text/plain; charset=utf-8', 'a checkpoint is text');
is($r->header('Cache-Control'), 'max-age=1', 'kept for a second');
my $etag = $r->header('ETag');
is($log->get('checkpoint', headers => ['If-None-Match', $etag])->status, 304, 'it has a validator');
is($log->get('checkpoint', headers => ['If-None-Match', '"other"'])->status, 200, 'which tells');
is($t->request('HEAD', '/log/checkpoint')->body, '', 'HEAD has no body');
is($t->request('HEAD', '/log/checkpoint')->header('Content-Length'), length $r->body, 'and the same length');

my $tile = Consent::Test::Log::tile_path(0, 0, 3);
$r = $log->get($tile);
is($r->status, 200, 'a narrower tile');
is(length $r->body, 96, 'has as many hashes');
is($r->header('Content-Type'), 'application/octet-stream', 'bytes');
is($r->header('Cache-Control'), 'private, max-age=1', 'of the newest log, whichever that is');
is($log->get("0/$tile")->body, $r->body, 'under its number, too');
is($log->get("0/$tile")->header('Cache-Control'), 'private, max-age=31536000, immutable', 'for ever, by who may see them');
is($log->get($tile, headers => ['If-None-Match', $r->header('ETag')])->status, 304, 'conditionally too');
is($r->header('X-Content-Type-Options'), 'nosniff', 'as our pages');

# documents

my ($p) = $log->has($log->checkpoint, sub { $_[0]{type} eq 'policy' });
$r = $log->get("policy/$p->{policy_hash}");
is($r->status, 200, 'the policy by its hash');
is(JSON::PP->new->utf8->decode($r->body)->{version}, $policy->{version}, 'the whole of it');
is(Digest::SHA::sha256_hex($r->body), $p->{policy_hash}, 'whose hash it is');

$r = $log->get("notice/$decisions[0]{notice_hash}");
is($r->status, 200, 'the page that she saw by its hash');
is(Digest::SHA::sha256_hex($r->body), $decisions[0]{notice_hash}, 'as it was');
is($r->header('Content-Type'), 'text/plain; charset=utf-8', 'to be read, not to be run');

is($log->get('policy/' . '0' x 64)->status, 404, 'another hash');
is($log->get('policy/' . substr($p->{policy_hash}, 0, 16) . '0' x 48)->status, 404, 'one that begins alike');
is($log->get('notice/' . uc $decisions[0]{notice_hash})->status, 404, 'another spelling');

# what there is not

for my $path ('', 'checkpoint/', 'checkpoint?a=1', '%63heckpoint', './checkpoint', 'x/../checkpoint', '/checkpoint',
    'tile/0/000.p/0', 'tile/0/0', 'tile/00/000', 'tile/0/000.p/03', 'tile/0/000.p/3/', 'tile/0/x000/000', 'tile/8/000',
    'tile/0/000.p/255', 'tile/0/001', 'tile/entries/001', 'tile/entries/000.p/256',
    'tile/0/x999/x999/x999/x999/x999/x999/x999/999', 'checkpoint/cosigned',
    '0', '0/', '00/checkpoint', '1/checkpoint', "1/$tile", '0/0/checkpoint', '/0/checkpoint', '4294967295/checkpoint',
    '4294967296/checkpoint', '18446744073709551616/checkpoint', '-1/checkpoint', '0/add-checkpoint')
{
    is($log->get($path)->status, 404, "no such thing: '$path'");
}

$r = $log->get('nothing');
is($r->header('Content-Type'), 'application/problem+json', 'as a problem');
like($r->body, qr/"phone"/, 'with the way to a person');

for my $method (qw(POST PUT DELETE PATCH OPTIONS)) {
    is($t->request($method, '/log/tile/0/000', body => 'x')->status, 405, "$method is not for a log");
}

done_testing();
