# The key of pseudonyms is rotated: who logs in gets a new pseudonym, and what she
# decided moves to it. Nobody has more in force than before, who withdrew has
# withdrawn, who was erased stays erased, and receipts of before still hold.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Login;
use JSON::PP ();

my $t = Consent::Test->new;
my $portal = $t->upstream({ body => 'seen' });
my $keys = $t->keys;
$t->policy;
my $login = Consent::Test::Login->new($t);

my $conf = <<'EOT';
    %%CONSENT%%
    consent_event_pass /told;
    consent_log_interval 50ms;

    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent_identity cookie=idp key=%%DIR%%/idp.key alg=HS256 issuer=idp;

        location /forms/ {
            consent on;
            consent_require forms;
            add_header X-Subject $consent_subject always;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }

        location /.privacy/ { consent_pages; }
        location = /told { internal; proxy_pass http://127.0.0.1:%%PORT_1%%/events; }
    }
EOT

$t->run($conf, workers => 2);

my $store = $t->path('store');
my (%c, %of);

sub record { return $_[0]->json('GET', '/.privacy/api/v1/record')->json }
sub status { return $c{$_[0]}->get('/forms/')->status }

sub ctl {
    my ($status, $what, @words) = @_;

    my ($was, $said) = $t->run_ctl(@words);
    is($was, $status, $what) or diag($said);

    return $said;
}

# Her pseudonym, as a clerk asks for it.
sub subject {
    my ($name) = @_;

    $t->write('claim', "$name\n");
    my ($status, $said) = $t->command('sh', '-c', "$Consent::Test::BUILD/consentctl subject $store --issuer idp --keys $keys < "
        . $t->path('claim'));
    chomp $said;

    return $said;
}

for my $name (qw(keeps withdraws erased refused held late never by_mail by_clerk)) {
    $c{$name} = $login->citizen(sub => $name);
    $c{$name}->choose(level => $name eq 'refused' ? 'needed' : 'forms', scope => 'standing', ai => 'any');
    $of{$name} = record($c{$name})->{subject};
}

is($of{keeps}, subject('keeps'), 'a clerk finds her by her claim');

my $receipt;
ok($t->wait_for(sub {
    $receipt = $c{keeps}->json('GET', '/.privacy/api/v1/receipts/' . $c{keeps}->state->{receipt});
    return $receipt->json->{evidence}{status} eq 'complete';
}), 'one takes a receipt home');
$t->write('receipt.json', $receipt->body);

ctl(0, 'a backup is made', 'store', 'backup', $store, $t->path('backup'));

my %jar = map { ($_ => { %{$c{$_}{jar}} }) } qw(withdraws erased);
$c{withdraws}->choose(level => 'needed', scope => 'standing', ai => 'any');
is($c{erased}->json('DELETE', '/.privacy/api/v1/record')->status, 200, 'one is erased');
ctl(0, 'of one there is a hold', 'hold', $store, $of{held});

# the new key

my $said = ctl(0, 'the key is rotated', 'keygen', $keys, '--rotate', 'pseudonym');
like($said, qr/who logs in from then on gets a new\s+pseudonym/, 'and what that means is said');
my @lines = split /\n/, $t->read('keys/pseudonym.key');
is(scalar @lines, 2, 'the former one stays behind it');
like(ctl(1, 'twice it is not', 'keygen', $keys, '--rotate', 'pseudonym'), qr/has a former key still/, 'which is said, too');
ok($t->reload($conf, workers => 2, drain => 1), 'nginx takes it');

# nobody has more, nor less

is(status('keeps'), 200, 'who keeps has what she had');
is(status('withdraws'), 403, 'who withdrew has withdrawn');
is(status('refused'), 403, 'who refused has refused');
is(status('erased'), 403, 'who was erased is');
is(status('held'), 200, 'of whom there is a hold has what she had');
is($c{refused}->state->{status}, 'refused', 'as a decision of hers');
is($c{erased}->state->{status}, 'none', 'and no decision is known');

{
    local $c{withdraws}{jar} = $jar{withdraws};
    is(status('withdraws'), 403, 'a cookie of before does not bring back what was withdrawn');
    local $c{erased}{jar} = $jar{erased};
    is(status('erased'), 403, 'nor what was erased');
    is($c{erased}->state->{status}, 'none', 'of which nothing is known');
}

my $header = $c{keeps}->get('/forms/')->header('X-Subject');
like($header, qr/^[0-9a-f]{32}$/, 'she has a pseudonym');
isnt($header, $of{keeps}, 'which is another');

# her record moves with her

ok($t->wait_for(sub { record($c{keeps})->{subject} eq $header }), 'her record is under the new one');
my $record = record($c{keeps});
is(scalar @{$record->{history}}, 1, 'with what she decided');
is($record->{receipts}[0]{evidence}{status}, 'none', 'though nothing opens the entry any more');
is($record->{receipts}[0]{receipt}, $receipt->json->{receipt}, 'of the same number');
like(ctl(0, 'what she took home still holds', 'receipt', 'verify', $t->path('receipt.json'), '--key', "$keys/log.pub"),
    qr/^The receipt holds/m, 'as it did');

is($c{keeps}->choose(level => 'contact', scope => 'standing', ai => 'any')->status, 303, 'she decides again');
my $event;
ok($t->wait_for(sub {
    ($event) = grep { $_->{type} eq 'lowered' && $_->{former} } map { JSON::PP::decode_json($_->body) } grep { $_->uri eq '/events' }
        $portal->requests;
    return $event;
}, 60), 'the portal is told');
is("$event->{subject} $event->{former}", "$header $of{keeps}", 'whose it is, and as whom it knows her');
$record = record($c{keeps});
is(scalar @{$record->{history}}, 2, 'beside what was');
is($record->{state}{level}, 'contact', 'and what is now is in force');
ok($t->wait_for(sub { record($c{keeps})->{receipts}[0]{evidence}{status} eq 'complete' }), 'with a receipt that is complete');

# of whom there is a hold stays as she was

is(record($c{held})->{subject}, $of{held}, 'nothing moves of whom there is a hold');
is($c{held}->json('DELETE', '/.privacy/api/v1/record')->status, 403, 'nor is it erased');
is($c{held}->json('DELETE', '/.privacy/api/v1/state')->status, 200, 'she can withdraw');
is(status('held'), 403, 'which is in force');
is($c{held}->state->{status}, 'withdrawn', 'as it should');
is(scalar @{record($c{held})->{history}}, 2, 'beside what is held');

# by mail, of who has not been here since

my $both = subject('by_mail');
like($both, qr{^[0-9a-f]{32}/\Q$of{by_mail}\E$}, 'a clerk gets both pseudonyms');
ctl(0, 'and withdraws with them', 'withdraw', $store, $both, '--keys', $keys);
is(status('by_mail'), 403, 'which is in force');
is($c{by_mail}->state->{status}, 'withdrawn', 'for her');

$both = subject('by_clerk');
like(ctl(0, 'or erases', 'erase', $store, $both, '--keys', $keys, '--json'), qr/"erased":1/, 'what is under either');
is(status('by_clerk'), 403, 'for good');
like(ctl(1, 'of which nothing is left', 'erase', $store, $both), qr/has nothing of this subject/, 'under either');

# the end of the former key

is(status('late'), 200, 'one comes late');
ok($t->wait_for(sub { record($c{late})->{subject} ne $of{late} }), 'but in time');
$t->write('keys/pseudonym.key', "$lines[0]\n");
chmod 0600, "$keys/pseudonym.key";
ok($t->reload($conf, workers => 2, drain => 1), 'the former key is taken away');
is(status('late'), 200, 'who came has what she had');
is(status('keeps'), 403, 'and who lowered it has that');
is(status('never'), 403, 'who did not come is as somebody new');
is($c{never}->state->{status}, 'none', 'who has decided nothing');
is(subject('late'), record($c{late})->{subject}, 'a clerk gets one pseudonym');

$t->quit;
my @log = map { JSON::PP::decode_json($_)->{entry} }
    split /\n/, scalar $t->run_ctl('log', 'show', $store, '--type', 'key', '--json');
my ($fresh, $former) = map { /^(\S+)/ } @lines;
is_deeply([map { "$_->{change} $_->{kid}" } grep { $_->{use} eq 'pseudonym' } @log],
    ["new $former", "new $fresh", "retired $former"], 'the log says which key was used when');
ctl(0, 'and holds', 'log', 'verify', $store, '--key', "$keys/log.pub");

is(($t->run_ctl('store', 'compact', $store))[0], 0, 'when the store is made anew');
my $bytes = $t->read('store/data.mdb');
is(join(' ', grep { index($bytes, pack 'H*', $of{$_}) >= 0 } sort keys %of), 'held never',
    'no former pseudonym of who has come is in it');

# a backup of before knows by the former one who has been erased since under both

$said = ctl(0, 'the backup of before is restored', 'store', 'restore', $t->path('backup'), $t->path('restored'), '--keys', $keys,
    '--json');
is(JSON::PP::decode_json($said)->{erased}, 2, 'who was erased, before the rotation or after it, is erased again');
ok($t->run_ctl('log', 'show', $t->path('restored'), '--subject', $of{keeps}) =~ /decision/, 'who was not is not');
is($t->run_ctl('log', 'show', $t->path('restored'), '--subject', $of{by_clerk}) =~ /decision/, '', 'and nothing opens for who was');

done_testing();
