# The portal is told what a citizen does not share any more, from the same
# durable queue as hand-offs, and of nothing else.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;

my $portal = $t->upstream({ status => 204 });

$t->keys;
my $policy = $t->policy;

$t->run(<<'EOF');
    %%CONSENT%%
    consent_event_pass /told;

    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent on;

        location / { return 200 here; }
        location /.privacy/ { consent_pages; }
        location = /told { internal; proxy_pass http://127.0.0.1:%%PORT_1%%/events; }
    }
EOF

my $told = sub { my ($n) = @_; $t->wait_for(sub { ($portal->requests)[$n - 1] }, 60) };
my $cookie = $t->decide(level => 'fitted');
$cookie = $t->decide(cookie => $cookie, level => 'forms');
my $first = $told->(1);
ok($first, 'a lesser choice is told');
is($first->method . ' ' . $first->uri, 'POST /events', 'where the operator wants it');

my $event = JSON::PP::decode_json($first->body);
is($event->{type}, 'lowered', 'as what it is');
is($event->{policy}, 'exempelkommun', 'under which policy');
like($event->{subject}, qr/^[0-9a-f]{32}$/, 'whose, by pseudonym');
like($event->{at}, qr/^\d{4}-\d\d-\d\dT/, 'when');
my %left = map { $_ => 1 } @{$event->{categories}};
my %fitted = map { $_->{id} => 1 } map { { id => $_ } } @{$policy->{levels}[-1]{shares}};
my ($forms) = grep { $_->{id} eq 'forms' } @{$policy->{levels}};
delete @fitted{@{$forms->{shares}}};
is_deeply(\%left, \%fitted, 'and what');

$cookie = $t->decide(cookie => $cookie, categories => [qw(contact identity location statistics)]);
$t->request('DELETE', '/.privacy/api/v1/state', cookie => $cookie);
my $second = JSON::PP::decode_json($told->(2)->body);
is($second->{type}, 'withdrawn', 'a withdrawal is told, and no raise before it');
is($second->{subject}, $event->{subject}, 'of the same citizen');
isnt($second->{id}, $event->{id}, 'as another event');

# a browser's signal takes away too

my $other = $t->decide(level => 'fitted');
$t->get('/', cookie => $other, headers => ['Sec-GPC', 1]);
my $third = JSON::PP::decode_json($told->(3)->body);
is($third->{type}, 'lowered', 'what a signal takes away is told');
is_deeply($third->{categories}, ['statistics'], 'by name');
isnt($third->{subject}, $event->{subject}, 'of another');

my $stat = sub { $t->run_ctl('store', 'stat', $t->path('store')) =~ /messages waiting +(\d+)/ ? $1 : -1 };
ok($t->wait_for(sub { $stat->() == 0 }), 'nothing waits any more');

done_testing();
