# A store is lost, and restored from a backup that was made while it was in use:
# nobody has more in force than before, nobody who was erased is back, not even
# with her cookie of a moment ago, and the log goes on under a new name and
# contradicts nothing that it ever signed.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Citizen;
use Consent::Test::Log;
use JSON::PP ();

my $t = Consent::Test->new;
my $keys = $t->keys;
my $policy = $t->policy;
$t->upstream({ body => 'hello' });

$t->run(<<'EOF', workers => 2);
    %%CONSENT%%
    consent_log_interval 50ms;

    server {
        listen 127.0.0.1:%%PORT_0%%;

        location /forms/ {
            consent on;
            consent_require forms;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }

        location /.privacy/ { consent_pages; }
        location /log/      { consent_log allow=127.0.0.1; }
    }
EOF

my $log = Consent::Test::Log->new($t);
my %c;

sub citizen {
    my ($name, $level) = @_;

    $c{$name} = Consent::Test::Citizen->new($t);
    $c{$name}->choose(level => $level, scope => 'standing', ai => $level eq 'needed' ? 'none' : 'any');
}

# Until the log covers all that was decided.
sub published {
    my ($n) = @_;

    return $t->wait_for(sub {
        return $log->get('checkpoint')->status == 200
            && $n <= scalar $log->has($log->checkpoint, sub { $_[0]{type} =~ /^(?:decision|erasure)$/ });
    }, 60);
}

sub erase {
    my ($c) = @_;

    my %form = $c->form($c->get('/.privacy/erase'), '/.privacy/erase');
    return $c->post('/.privacy/erase', [%form]);
}

citizen(keeps => 'forms');
citizen(withdraws => 'forms');
citizen(is_erased => 'forms');
citizen(refused => 'needed');
ok(published(4), 'four citizens have decided');

# others go on deciding while the backup is made

my $busy = $t->daemon(sub {
    my $k = $t->connect;
    while (1) {
        $k->request('PUT', '/.privacy/api/v1/state', json => { policy_version => $policy->{version}, level => 'contact' });
        select undef, undef, undef, 0.01;
    }
});

ok(published(10), 'others decide all the time');

my ($status, $said) = $t->run_ctl('store', 'backup', $t->path('store'), $t->path('backup'), '--json');
is($status, 0, 'a backup of a running store') or diag $said;
is(($t->run_ctl('store', 'backup', $t->path('store'), $t->path('backup')))[0], 1, 'of which there is one then');
kill 'KILL', $busy;
waitpid $busy, 0;
$t->{daemons} = [grep { $_ != $busy } @{$t->{daemons}}];

my %secret = map { ($_ => 1) } map { $t->read("keys/$_") =~ /(\S{40,})/ } qw(cookie.key pseudonym.key handoff.key log.key);
ok(!(grep { index($t->read('backup/data.mdb'), $_) >= 0 } keys %secret), 'no key is in it');
is_deeply([sort map { s{.*/}{}r } glob $t->path('backup') . '/*'], ['data.mdb'], 'nor anything else');

# what happens after it

$c{withdraws}->choose(level => 'needed', scope => 'standing', ai => 'any');
is($c{withdraws}->get('/forms/')->status, 403, 'one withdraws');

my $last = $log->checkpoint;
my $cookie = { %{$c{is_erased}{jar}} };
is(erase($c{is_erased})->status, 303, 'one is erased');
citizen(comes_later => 'forms');
is($c{comes_later}->get('/forms/')->status, 200, 'one comes later');
ok($t->wait_for(sub { $log->checkpoint->{size} > $last->{size} }), 'and more is signed');
$t->quit;
$last = $log->read_checkpoint($t->read('keys/kept/checkpoint'));

# lost

rename $t->path('store'), $t->path('lost') or die;

($status, $said) = $t->run_ctl('store', 'restore', $t->path('backup'), $t->path('store'), '--keys', $keys, '--json');
is($status, 0, 'it is restored') or diag $said;
my $restored = JSON::PP->new->decode($said);
is($restored->{erased}, 1, 'with the erasure since');
ok($restored->{lapsed} >= 3, 'and without grants');
is($restored->{log}, 1, 'in a log of its own');
is(($t->run_ctl('store', 'restore', $t->path('backup'), $t->path('store'), '--keys', $keys))[0], 1, 'once');
is((stat $t->path('store') . '/data.mdb')[4], (stat $t->path('lost') . '/data.mdb')[4], 'the owner is the one of before');

$t->start;

for my $name (sort keys %c) {
    is($c{$name}->get('/forms/')->status, 403, "who $name: no more than before");
}

$c{is_erased}{jar} = $cookie;
is($c{is_erased}->get('/forms/')->status, 403, 'her cookie of before does not bring her back');
is($c{is_erased}->state->{status}, 'none', 'nothing is known of her');
is($c{keeps}->state->{status}, 'lapsed', 'who keeps learns that her choice has lapsed');
is($c{refused}->state->{status}, 'refused', 'who refused has refused');
is($c{refused}->state->{ai}, 'none', 'and wants no machine');
is(($c{comes_later}->state->{status}), 'none', 'who came later is asked again');

my $text = $c{keeps}->get('/.privacy/record?lang=en')->text;
like($text, qr/We had to restore our records from a copy\. Your earlier choice no longer applies/, 'and why');
like($text, qr/Your choice stopped applying, because we had to restore/, 'in her history too');
unlike($text, qr/Our staff|We have changed how/, 'which is nobody\'s choice, and no change of terms');

{
    my $id = $c{keeps}->state->{receipt};
    my $r;
    $t->wait_for(sub {
        $r = $c{keeps}->json('GET', "/.privacy/api/v1/receipts/$id");
        return $r->json->{evidence}{status} eq 'complete';
    });
    my %fate = map { ($_->{'dct:identifier'} => $_->{'dpv:hasConsentStatus'}) }
        @{$r->json->{'dpv:hasRecordOfActivity'}{'dpv:hasProcess'}};
    is("$fate{identity} $fate{location}", 'dpv:ConsentInvalidated dpv:ConsentRefused', 'a receipt says of each what became of it');
    $t->write('lapse.json', $r->body);
    my ($status, $said) = $t->run_ctl('receipt', 'verify', $t->path('lapse.json'), '--key', $t->path('keys/log.pub'));
    is($status, 0, 'and holds') or diag $said;
    $t->write('false.json', $r->body =~ s/"dpv:ConsentInvalidated"\}/"dpv:ConsentGiven"}/r);
    is(($t->run_ctl('receipt', 'verify', $t->path('false.json'), '--key', $t->path('keys/log.pub')))[0], 1,
        'one that says that it is given still does not');
}

$c{keeps}->choose(level => 'forms', scope => 'standing', ai => 'any');
is($c{keeps}->get('/forms/')->status, 200, 'and she may choose again');
ok(!(grep { $c{keeps}->get('/forms/')->status != 200 } 1 .. 10), 'whichever worker is asked');

# the log

$log = Consent::Test::Log->new($t, number => 1);

ok($t->wait_for(sub { scalar $log->has($log->checkpoint, sub { $_[0]{type} eq 'decision' && $_[0]{status} eq 'given' }) }, 60),
    'what is decided now is published');
my $now = $log->checkpoint;
is($now->{origin}, 'test.example/log/1', 'under a new name');
my ($entry) = $log->has($now, sub { 1 });
is($entry->{type}, 'restored', 'and begins with what was lost') or diag explain $entry;
is($entry->{signed_origin}, $last->{origin}, 'the log that was');
is($entry->{signed_size}, $last->{size}, 'as it was last signed');
is($entry->{lost}, $last->{size} - $entry->{entries}, 'less what is left of it');
is($t->read('keys/kept/lost.1'), $last->{note}, 'of which the signature stays');

$t->quit;
is(($t->run_ctl('store', 'compact', $t->path('store')))[0], 0, 'it can be compacted');
$t->start;
is($c{keeps}->get('/forms/')->status, 200, 'and all is there');

done_testing();
