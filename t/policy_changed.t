# The policy was replaced while the form was open: the citizen sees the new page
# with what she had filled in, and nothing is recorded. Who had decided keeps
# what has not widened.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Citizen;

my $t = Consent::Test->new;

$t->keys;
$t->policy;

$t->run(<<'EOF');
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;

        location /.privacy/ {
            consent_pages;
        }
    }
EOF

my $open = Consent::Test::Citizen->new($t);
my %form = $open->form($open->get('/.privacy/'));

my $decided = Consent::Test::Citizen->new($t);
$decided->choose(level => 'forms', scope => 'standing', ai => 'any');

my $custom = Consent::Test::Citizen->new($t);
$custom->choose(level => 'custom', category => ['contact', 'location'],
    scope => 'standing', ai => 'any');

# a new recipient of identity: that widens; location is kept for a shorter time

$t->policy(sub {
    my ($p) = @_;
    my %category = map { $_->{id} => $_ } @{$p->{categories}};

    $p->{version} = '2027-01-01';
    push @{$category{identity}{recipients}}, 'Registerbolaget AB';
    $category{location}{retention} = 'P1D';
});
$t->reload(undef, drain => 1);

my $r = $open->post('/.privacy/', [%form, level => 'fitted',
    scope => 'standing', ai => 'none']);
is($r->status, 409, 'a form of the old policy');
like($r->text, qr{<title>Fel}, 'comes back');
like($r->body, qr{value="fitted"[^>]*checked|checked[^>]*value="fitted"},
    'with the level that was chosen');
like($r->body, qr{value="standing"[^>]*checked|checked[^>]*value="standing"},
    'how long');
like($r->body, qr{value="none"[^>]*checked|checked[^>]*value="none"},
    'and who may answer');
is($open->cookie, undef, 'nothing was recorded');

my %new = $open->form($r);
is($new{policy_version}, '2027-01-01', 'it is the new page');
is($open->post('/.privacy/', [%new, level => 'fitted', scope => 'standing',
    ai => 'none'])->status, 303, 'and can be sent');

is($decided->state->{status}, 'lapsed', 'a grant that has widened lapses');
is_deeply($decided->state->{categories}, ['contact'], 'it, and nothing else');
is_deeply($custom->state->{categories}, ['contact', 'location'],
    'what has narrowed is kept');
is($custom->state->{status}, 'given', 'as it was given');

my $past = $decided->json('GET', '/.privacy/api/v1/history')->json->{decisions};
is($past->[0]{policy_version}, '2026-11-22',
    'the past is told in the words of its time');
is_deeply($past->[0]{categories}, ['contact', 'identity'], 'all of it');
like($decided->get('/.privacy/record')->text, qr/Personnummer/,
    'also on the record page');

# a policy that is none: nginx keeps what it has

$t->policy(sub { $_[0]{levels}[0]{shares} = ['contact'] });
$t->allow(qr/policy\.json/);
kill 'HUP', $t->pid;
ok($t->wait_for_log(qr{policy\.json:\d+:\d+: \$\.levels\[0\]\.shares}),
    'a policy with a fault is not taken');
is($custom->state->{policy_version}, '2027-01-01', 'the old one goes on');
is_deeply($custom->state->{categories}, ['contact', 'location'], 'as before');

done_testing();
