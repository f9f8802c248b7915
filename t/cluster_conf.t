# consent_cluster: where Redis may be, and what nginx -t says of what it cannot be.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;

$t->keys;
$t->policy;

sub said {
    my ($cluster, %o) = @_;

    my $base = $o{without} // '%%CONSENT%%';

    return $t->check(<<"EOT");
    $base
    consent_cluster $cluster;
    server { listen 127.0.0.1:%%PORT_0%%; }
EOT
}

for my $good (
    'redis://127.0.0.1',
    'redis://127.0.0.1:6380/3',
    'redis://:secret@127.0.0.1:6380/0',
    'redis://:se:cr@t@127.0.0.1',
    'redis://[::1]:6380',
    'redis://localhost:6380 node=a.example roster=a.example,b.example',
    'unix:/run/redis.sock',
    'sentinel://127.0.0.1:26379,127.0.0.1/portal',
    'sentinel://:secret@127.0.0.1:26379,127.0.0.2:26379/portal/2 node=a',
) {
    my ($ok, $said) = said($good);
    ok($ok, $good) or diag($said);
}

for (
    ['http://127.0.0.1', qr/character 1, "http:\/\/127.0.0.1", begins with none of redis:\/\//],
    ['rediss://127.0.0.1', qr/asks for TLS, which this module's hiredis does not speak/],
    ['redis://', qr/character 9/],
    ['redis://:secret', qr/a password without "\@" behind it/],
    ['redis://127.0.0.1:99999', qr/character 9, "127.0.0.1:99999", invalid port/],
    ['redis://127.0.0.1/x', qr/character 19, "x", is not the number of a database/],
    ['redis://nowhere.invalid', qr/character 9, "nowhere.invalid", host not found/],
    ['unix:redis.sock', qr/character 6, "redis.sock", is not the full path of a socket/],
    ['unix:/' . 'x' x 200, qr/is too long for a socket/],
    ['sentinel://127.0.0.1:26379', qr/lacks the name of a master/],
    ['sentinel://127.0.0.1,,127.0.0.2/portal', qr/character 22/],
    ['redis://127.0.0.1 node=', qr/is not the name of a node/],
    ['redis://127.0.0.1 roster=a,,b', qr/character 10, ",b", is not the name of a node/],
    ['redis://127.0.0.1 colour=red', qr/invalid parameter "colour=red"/],
) {
    my ($bad, $why) = @$_;
    my ($ok, $said) = said($bad);
    ok(!$ok, "refused: $bad");
    like($said, $why, 'and why');
    like($said, qr/check\.conf:\d+/, 'and where') if $bad !~ /^redis:\/\/$/;
}

my (undef, $said) = said('redis://:se:secret@127.0.0.1:99999');
unlike($said, qr/secret/, 'no password is printed');

for (['consent_policy %%DIR%%/policy.json;', 'consent_keys'],
    ['consent_policy %%DIR%%/policy.json; consent_keys %%DIR%%/keys;', 'consent_store'])
{
    my ($ok, $why) = said('redis://127.0.0.1', without => $_->[0]);
    ok(!$ok && $why =~ /"consent_cluster" needs $_->[1]/, "it needs $_->[1]") or diag($why);
}

# all nodes would have to change at one moment

is(($t->run_ctl('keygen', $t->path('keys'), '--rotate', 'pseudonym'))[0], 0, 'a second key of pseudonyms');
my ($ok, $why) = said('redis://127.0.0.1');
ok(!$ok && $why =~ /pseudonym\.key has a former key: pseudonyms do not change in a cluster/, 'is refused in a cluster') or diag($why);

done_testing;
