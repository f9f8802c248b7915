# What the log holds of a start, a reload and a decision: each entry once,
# however many workers there are, with all its fields and nothing of a request.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Citizen;

use Digest::SHA qw(sha256_hex);
use JSON::PP ();
use MIME::Base64 qw(decode_base64);

my $t = Consent::Test->new;

$t->keys;
my $policy = $t->policy;

my $canonical = JSON::PP->new->utf8->canonical;

sub entries {
    my ($type) = @_;

    my ($status, $said) = $t->run_ctl('log', 'show', $t->path('store'), '--json');
    die "log show: $said" if $status;

    return grep { !$type || $_->{type} eq $type }
        map { $canonical->decode($_)->{entry} } split /\n/, $said;
}

my $http = <<'EOF';
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;
        server_name portal.example;
        consent on;

        location / {
        }

        location = /exact {
            consent_sensitive on;
        }

        location ~ \.php$ {
            consent off;
        }

        location /forms/ {
            consent_require forms;
            if ($arg_a) {
                consent_require contact;
            }
        }

        location /appeal/ {
            consent_core on;
        }

        location /ai/ {
            consent_ai chat model=m provider=p;
            consent_ai_unmarkable block;
            consent_restore on;
            consent_contact end;
            consent_conversation header=X-Conversation;
        }

        location /script/ {
            consent_form remove;
            consent_body_limit 1m;
        }

        location /trial/ {
            consent report until=2099-01-01;
            consent_unknown pass;
        }

        location /.privacy/ {
            consent_pages;
        }
    }
EOF

$t->run($http, workers => 4);
ok($t->wait_for(sub { -s $t->path('store/data.mdb') && entries() >= 5 }), 'a start leaves entries');
select undef, undef, undef, 0.3;

my @all = entries();
is_deeply([map { $_->{type} } @all], [qw(policy config key key key)], 'each once, of four workers')
    or diag join ' ', map { $_->{type} } @all;

for my $e (@all) {
    is($e->{v}, 1, "$e->{type}: version");
    like($e->{time}, qr/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, 'time');
    is($e->{node}, 'test.example/log', 'node');
    is($e->{policy}, 'exempelkommun', 'policy');
    is($e->{policy_version}, $policy->{version}, 'its version');
    like($e->{policy_hash}, qr/^[0-9a-f]{64}$/, 'its hash');
}

# the policy

my ($p) = entries('policy');
is_deeply($p->{document}, $policy, 'the whole document');
is($p->{policy_hash}, sha256_hex($canonical->encode($p->{document})), 'and its hash is the document\'s');

# what is on where

my ($c) = entries('config');
my ($version) = $t->command(Consent::Test::Nginx::nginx(), '-v');
like(($t->command(Consent::Test::Nginx::nginx(), '-v'))[1], qr{nginx/\Q$c->{nginx}\E\b}, 'nginx');
like($c->{module}, qr/^\d+\.\d+\.\d+$/, 'the module');
is(scalar @{$c->{keys}{cookie}}, 1, 'key ids');
is($c->{locations_total}, scalar @{$c->{locations}}, 'all locations');
is($c->{locations_hash}, sha256_hex($canonical->encode($c->{locations})), 'and their hash');

my %at = map { $_->{path} => $_ } @{$c->{locations}};
is_deeply([sort keys %at], [sort '', '/', '= /exact', '~ \.php$', '/forms/', 'if in /forms/', '/appeal/',
    '/ai/', '/script/', '/trial/', '/.privacy/'], 'by their paths');
is_deeply($at{'/'}, { ai => 'off', consent => 'on', core => JSON::PP::false, path => '/', require => '',
    sensitive => JSON::PP::false, server => 'portal.example', unknown => 'report' }, 'a plain one');
is($at{'~ \.php$'}{consent}, 'off', 'one that is off');
is($at{'/forms/'}{require}, 'forms', 'one that requires');
is($at{'if in /forms/'}{require}, 'contact', 'and its if');
ok($at{'/appeal/'}{core}, 'a core service');
ok($at{'= /exact'}{sensitive}, 'a sensitive one');
is_deeply([map { $at{'/ai/'}{$_} } qw(ai model provider unmarkable contact conversation restore)],
    ['chat', 'm', 'p', 'block', 'end', 'header=x-conversation', JSON::PP::true], 'one with AI, and where masks become values again');
is_deeply([map { $at{'/script/'}{$_} } qw(form body_limit)], ['remove', 1048576], 'one that asks nobody');
ok($at{'/.privacy/'}{pages}, 'where she decides');
is($at{'/trial/'}{consent}, 'report', 'a trial');
is($at{'/trial/'}{until}, '2099-01-01T00:00:00Z', 'until when');
is($at{'/trial/'}{unknown}, 'pass', 'and what is done with the unknown');

# keys, signed so that an auditor needs nothing secret

my ($pub) = $t->read('keys/log.pub') =~ /^[^+]+\+[0-9a-f]+\+(\S+)/;
$t->write('pub.der', pack('H*', '302a300506032b6570032100') . substr(decode_base64($pub), 1));

for my $key (entries('key')) {
    my %said = map { $_ => $key->{$_} } qw(by change kid use);

    is($key->{change}, 'new', "a new key: $key->{use}");
    $t->write('said', $canonical->encode(\%said));
    $t->write('sig', decode_base64($key->{signature}));
    my ($status, $out) = $t->command('openssl', 'pkeyutl', '-verify', '-pubin', '-keyform', 'DER', '-inkey',
        $t->path('pub.der'), '-rawin', '-in', $t->path('said'), '-sigfile', $t->path('sig'));
    is($status, 0, 'signed by the log') or diag $out;
}

# a decision

my $citizen = Consent::Test::Citizen->new($t, headers => ['User-Agent', 'needle-agent']);
$citizen->choose(level => 'custom', category => ['location', 'contact'], scope => 'standing', ai => 'none',
    back => '/needle-path');

my ($d) = entries('decision');
is_deeply([map { $d->{$_} } qw(status level scope by assurance method language)],
    [qw(given custom standing self anonymous form sv)], 'a decision');
is_deeply($d->{categories}, ['contact', 'location'], 'with its categories, sorted');
like($d->{commitment}, qr/^[0-9a-f]{64}$/, 'a commitment');
like($d->{notice_hash}, qr/^[0-9a-f]{64}$/, 'the page that was seen');
like($d->{time}, qr/:00:00Z$/, 'and the hour, no more');

$citizen->request('PUT', '/.privacy/api/v1/state', json => { policy_version => $policy->{version},
    level => 'forms' });
$citizen->request('DELETE', '/.privacy/api/v1/state');
my @d = entries('decision');
is($d[1]{method}, 'api', 'by the API');
is($d[1]{notice_hash}, undef, 'no page was seen');
is($d[2]{status}, 'withdrawn', 'a withdrawal');
isnt($d[1]{commitment}, $d[2]{commitment}, 'no two look alike');

my %form = $citizen->form($citizen->get('/.privacy/?lang=fi'));
$citizen->post('/.privacy/', [%form, level => 'contact', scope => 'session', ai => 'any']);
is((entries('decision'))[3]{language}, 'fi', 'another language');
isnt((entries('decision'))[3]{notice_hash}, $d->{notice_hash}, 'is another text');
$citizen->choose(level => 'forms', scope => 'session', ai => 'any');
is((entries('decision'))[4]{notice_hash}, $d->{notice_hash}, 'the same page the same');

my $log = join '', map { $canonical->encode($_) } entries();
unlike($log, qr/needle/, 'nothing of a request stands in the log');

# reload: what is switched off leaves a trace; policy and keys are known

$http =~ s/consent on;/consent off;/;
$t->reload($http, drain => 1);
ok($t->wait_for(sub { entries('config') == 2 }), 'a reload leaves a config entry');
select undef, undef, undef, 0.3;
is(scalar(entries('config')), 2, 'one');
is(scalar(entries('policy')), 1, 'no policy entry for a version that was there');
is(scalar(entries('key')), 3, 'nor key entries');
isnt((entries('config'))[1]{locations_hash}, $c->{locations_hash}, 'with another hash');
is({ map { $_->{path} => $_ } @{(entries('config'))[1]{locations}} }->{'/'}{consent}, 'off', 'off is off');

# a new version, and a rotated key

$t->policy(sub { $_[0]{version} = '2' });
$t->keys(dir => 'newer');

my $gone = (split ' ', $t->read('keys/cookie.key'))[0];
my $new = $t->read('newer/cookie.key');
open my $f, '>>', $t->path('newer/cookie.key');
print $f $t->read('keys/cookie.key');
close $f;
rename $t->path('newer/cookie.key'), $t->path('keys/cookie.key');
$t->reload(undef, drain => 1);
ok($t->wait_for(sub { entries('policy') == 2 && entries('key') == 4 }), 'a new version and a new key');
is((entries('policy'))[1]{policy_version}, '2', 'the version');

is($citizen->state->{level}, 'forms', 'cookies of the old key are good');

open $f, '>', $t->path('keys/cookie.key');
print $f $new;
close $f;
$t->reload(undef, drain => 1);
ok($t->wait_for(sub { entries('key') == 5 }), 'a key that is taken away');
is((entries('key'))[4]{change}, 'retired', 'is retired');
is((entries('key'))[4]{kid}, $gone, 'by its id');

is($citizen->state->{status}, 'none', 'cookies of it are none any more');
is(scalar(entries('config')), 4, 'each reload had its entry');

done_testing();
